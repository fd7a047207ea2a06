package hba

import "fmt"

// DefaultFile is the text of the pg_hba.conf that a new site gets: authLocal for the Unix socket, authHost for loopback
// addresses; nobody else is let in until a line says so.
func DefaultFile(authLocal, authHost string) string {
	return fmt.Sprintf(`# Who may connect, from where, to which database, and how they prove who they are.
#
# The first line that matches type, database, user and address decides; there is no fall-through. No line: no connection.
#
#   local     DATABASE  USER           METHOD  [OPTIONS]
#   host      DATABASE  USER  ADDRESS  METHOD  [OPTIONS]     with or without TLS
#   hostssl   DATABASE  USER  ADDRESS  METHOD  [OPTIONS]     only with TLS
#   hostnossl DATABASE  USER  ADDRESS  METHOD  [OPTIONS]     only without TLS
#
# DATABASE  all, sameuser, samerole, a name, a list a,b, @FILE, a regular expression /...
# USER      all, a name, +ROLE (members of it), a list, @FILE, a regular expression /...
# ADDRESS   CIDR such as 10.1.0.0/16, address and mask, samehost, samenet, all, a host name, .a.domain
# METHOD    scram-sha-256, peer (local only), cert (hostssl only), password, reject, trust
#           (md5 is read as scram-sha-256)
# OPTIONS   map=NAME (peer, cert: a map of pg_ident.conf), clientcert=verify-ca|verify-full (hostssl)
#
# Ask "pgd hba explain --user U --database D --from ADDRESS" which line would decide; "pgd reload" puts a change into effect.

# TYPE  DATABASE        USER            ADDRESS                 METHOD

# the Unix socket
local   all             all                                     %s
# loopback addresses
host    all             all             127.0.0.1/32            %s
host    all             all             ::1/128                 %s
`, authLocal, authHost, authHost)
}

// DefaultIdentFile is the text of the pg_ident.conf that a new site gets.
func DefaultIdentFile() string {
	return `# Which operating system users (peer) or certificate names (cert) may be which role, for lines of pg_hba.conf with map=NAME.
# SYSTEM-USERNAME may be a regular expression /...; \1 in ROLE is then what its first parentheses matched.

# MAPNAME       SYSTEM-USERNAME         ROLE
`
}
