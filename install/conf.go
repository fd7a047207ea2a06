package install

import (
	"fmt"
	"strings"
)

// quoteSetting quotes a value for pgd.conf.
func quoteSetting(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }

// configText is the pgd.conf a site is born with.
func configText(r Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# pgd.conf: the settings of site %s.
#
# "name = value", one a line; # begins a comment; 'text' in single quotes. Units: kB MB GB TB, us ms s min h d.
# After a change: pgd reload %s   (what says "restart" below: pgd restart %s)
# See what is in force, and where it comes from: select name, setting, source, sourcefile, sourceline from pg_settings
# ALTER SYSTEM writes pgd.auto.conf, which is read after this file.

# Connections (restart)
listen_addresses = %s        # loopback only; '*' is every address: turn ssl on first
port = %d
unix_socket_directories = %s
unix_socket_permissions = 0770         # the site's owner and group
max_connections = 100
superuser_reserved_connections = 3

# Authentication: pg_hba.conf and pg_ident.conf in this directory
#authentication_timeout = 1min
#password_encryption = scram-sha-256

# TLS
#ssl = off
#ssl_cert_file = 'server.crt'
#ssl_key_file = 'server.key'           # 0600, the owner's
#ssl_ca_file = ''

# Durability
#fsync = on                            # off loses data in a power cut
#synchronous_commit = on

# Log: to standard error; "pgd start" keeps that in log/ of this directory
#log_destination = 'stderr'            # stderr or jsonlog
#log_connections = off
#log_disconnections = off
#log_min_duration_statement = -1

# Time-outs, 0 is none
#statement_timeout = 0
#idle_in_transaction_session_timeout = 0
#lock_timeout = 0
`, r.Name, r.Name, r.Name, quoteSetting(r.Listen), r.Port, quoteSetting(r.SocketDir))
	if r.GroupAccess {
		b.WriteString("\n# This site was made with --allow-group-access: directories 0750, files 0640.\n")
	}
	return b.String()
}

const identText = `# pg_ident.conf: which operating system accounts may be which database roles.
#
#	map-name   system-user-name   database-role
#
# A system user name that begins with / is a regular expression; \1 in the role is what its first bracket matched.
# Anchor it (/^…$), or it matches more than meant. A line of pg_hba.conf uses a map with the option map=NAME.
# After a change: pgd reload
`
