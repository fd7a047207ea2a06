// Package e2e holds the acceptance tests: they build the one static binary, make sites with it, run them as an account that is not root,
// and talk to them with stock clients. It has no code that is used elsewhere.
//
// As root the tests make an account of their own and remove it again; as anyone else the caller owns the sites, and what needs root is
// skipped. Sites listen on the loopback interface and on sockets in a directory of the run, which is removed at the end.
//
// The environment: PGD_LONG=1 runs the long forms; PGD_ORACLE="host=… port=… user=…" with the flag -update records PostgreSQL's
// answers anew; PGD_TEST_BINARY names a binary to test in place of one built now; PGD_NODE_PATH is where node's package pg is.
package e2e
