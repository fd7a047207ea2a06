// Package wire is the framing of PostgreSQL's frontend/backend protocol, version 3: it reads the messages of a client within
// limits and builds those that go back, in one growing buffer. It is a leaf: it knows no session, decides nothing, and
// keeps no bytes of a message after the next one is read.
//
// A client's bytes are hostile: a length is checked before memory is taken for it, and memory grows only as bytes arrive. What
// breaks the framing answers with a FATAL 08P01 after which nothing more can be read; what is wrong inside one
// message's body answers with an ERROR 08P01 and the conversation goes on.
package wire
