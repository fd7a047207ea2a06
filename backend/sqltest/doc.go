// Package sqltest holds SQL as data: files of statements with the answers PostgreSQL 15 gave to them, and the test that runs them
// through parse, analyze, compile and storage in this process. It has no code that is used elsewhere.
package sqltest
