// Package keeper is the process that holds what a backend must not: password verifiers, the TLS key, the rules of who may connect,
// and the list of roles and databases. It alone decides who a session is, and it alone writes global/.
//
//	postmaster ── FdControl ──> keeper <── one channel per backend ── backend <── client
//	   start, reload, channels     │
//	                               ├── global/catalog.db   roles, memberships, databases: backends read it
//	                               └── global/secrets.db   verifiers: nobody else opens it
//
// It never talks to a client, never runs SQL that anybody wrote, never reads a database's contents. What a backend says is
// hostile: requests are one table (requests.go) of what is permitted in which state, and anything else ends that
// backend. Where a client comes from the postmaster says, not the backend.
//
// It fails: at start by telling the postmaster why and ending with status 1; on a broken file at reload by keeping the old one
// and logging why; in a request by answering with PostgreSQL's error. When the postmaster is gone it ends, and every transaction
// that was not committed with it.
package keeper
