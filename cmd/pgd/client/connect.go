package client

import (
	"errors"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// connectMessage says why no connection came about, without the library's own words where the server has spoken.
func connectMessage(err error) string {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Severity + ":  " + pe.Message
	}
	var ce *pgconn.ConnectError
	if errors.As(err, &ce) {
		if inner := ce.Unwrap(); inner != nil {
			return "could not connect: " + lastLine(inner.Error())
		}
	}
	return lastLine(err.Error())
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func connectHint(err error) string {
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe) && pe.Code == "28000" && strings.Contains(pe.Message, "Peer"):
		return "Peer authentication lets each account in as the role of its name: run this as that account (sudo -u NAME pgd sql …), or give --username."
	case errors.As(err, &pe) && pe.Code == "28P01":
		return "The password comes from PGPASSWORD, the file ~/.pgpass, or the connection string."
	case errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "no such file") || strings.Contains(err.Error(), "connection refused"):
		return "Is the site running? See: pgd status"
	case strings.Contains(err.Error(), "permission denied"):
		return "The socket is the site owner's and its group's: run this as the owner, or connect over TCP with --host localhost."
	}
	return ""
}
