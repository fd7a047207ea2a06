// Package site is the only place that knows the names of a site's files, its format version and its lock. It is a leaf:
// it opens and checks, and decides nothing.
package site

import "path/filepath"

// FormatVersion is the on-disk format this binary writes and reads.
const FormatVersion = 1

// Names of a site's files, relative to its root.
const (
	VersionFile    = "PGD_VERSION"
	ConfigFile     = "pgd.conf"
	AutoConfigFile = "pgd.auto.conf"
	HBAFile        = "pg_hba.conf"
	IdentFile      = "pg_ident.conf"
	LockFile       = "postmaster.lock"
	PIDFile        = "postmaster.pid"
	GlobalDir      = "global"
	CatalogDB      = "global/catalog.db"
	SecretsDB      = "global/secrets.db"
	BaseDir        = "base"
	AuditDir       = "audit"
	LogDir         = "log"
	MainDB         = "main.db"
)

// OIDs of the databases every site is born with, as PostgreSQL 15 numbers them.
const (
	Template1OID = 1
	Template0OID = 4
	PostgresOID  = 5
)

// Dir is the root of a site.
type Dir string

// Path gives the absolute path of one of the site's files.
func (d Dir) Path(name string) string { return filepath.Join(string(d), name) }

// Database gives the directory of the database with that OID.
func (d Dir) Database(oid uint32) string {
	return filepath.Join(string(d), BaseDir, itoa(oid))
}

func itoa(v uint32) string {
	var b [10]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + v%10)
		if v /= 10; v == 0 {
			return string(b[i:])
		}
	}
}
