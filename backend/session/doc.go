// Package session is one client's conversation, from the first ReadyForQuery to the end: it reads messages, keeps prepared
// statements, portals, the transaction block and the session's settings, has statements planned, runs them in the store and sends
// what comes of them. It never looks into a database file, decides nothing about what SQL means, and does not authenticate.
//
//	message -> simple.go / extended.go -> statement -> plan.go (parse, analyze, compile) -> result -> send.go
//	                                            \-> utility.go (SET, BEGIN, COPY, ...)
//
// It fails by sending an ErrorResponse, after which the transaction is over or failed and the conversation goes on; a FATAL
// ends it and is what Run answers. A panic of the code below is caught at the statement, answered with XX000 and ends the session.
package session
