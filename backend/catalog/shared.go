package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// SharedOptions is what the shared catalogs of a new site are told.
type SharedOptions struct {
	Superuser string // name of the bootstrap superuser, OID 10
	Collate   string // of the first databases; "" is C.UTF-8
}

// OIDs of the first databases.
const (
	DatabaseTemplate1 uint32 = 1
	DatabaseTemplate0 uint32 = 4
	DatabasePostgres  uint32 = 5
)

// predefinedRoles are PostgreSQL's roles that nobody logs in as. Names that begin with pg_ are kept for them.
var predefinedRoles = []struct {
	oid  uint32
	name string
}{
	{3373, "pg_monitor"}, {3374, "pg_read_all_settings"}, {3375, "pg_read_all_stats"}, {3377, "pg_stat_scan_tables"}, {4200, "pg_signal_backend"},
	{4544, "pg_checkpoint"}, {4569, "pg_read_server_files"}, {4570, "pg_write_server_files"}, {4571, "pg_execute_server_program"},
	{6171, "pg_database_owner"}, {6181, "pg_read_all_data"}, {6182, "pg_write_all_data"},
}

// BootstrapShared fills an empty global/catalog.db: the catalogs all databases of a site share, with the bootstrap superuser, PostgreSQL's
// predefined roles, the two tablespaces' names and the databases template1, template0 and postgres. No verifier of a password
// is ever in it: pg_authid.rolpassword stays NULL. The caller runs it inside a transaction. The counter of OIDs of roles and databases is made
// with it.
func BootstrapShared(x Execer, o SharedOptions) error {
	if o.Collate == "" {
		o.Collate = "C.UTF-8"
	}
	if err := x.Exec("CREATE TABLE " + counterTable + " (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID"); err != nil {
		return err
	}
	if err := x.Exec("INSERT INTO "+counterTable+" VALUES ('oid', ?)", types.IntValue(int64(builtin.FirstUserOID))); err != nil {
		return err
	}
	return bootstrapClasses(x, true, func(name string) string {
		var b strings.Builder
		switch name {
		case "pg_authid":
			// oid rolname rolsuper rolinherit rolcreaterole rolcreatedb rolcanlogin rolreplication rolbypassrls rolconnlimit rolpassword rolvaliduntil
			b.WriteString("10\t" + copyEscape(o.Superuser) + "\tt\tt\tt\tt\tt\tt\tt\t-1\t\\N\t\\N\n")
			for _, r := range predefinedRoles {
				b.WriteString(strconv.Itoa(int(r.oid)) + "\t" + r.name + "\tf\tt\tf\tf\tf\tf\tf\t-1\t\\N\t\\N\n")
			}
		case "pg_auth_members":
			for _, r := range []string{"3374", "3375", "3377"} {
				b.WriteString(r + "\t3373\t10\tf\n")
			}
		case "pg_database":
			// oid datname datdba encoding datlocprovider datistemplate datallowconn datconnlimit datfrozenxid datminmxid dattablespace
			// datcollate datctype daticulocale datcollversion datacl
			row := func(oid, name, template, connect, acl string) {
				b.WriteString(oid + "\t" + name + "\t10\t6\tc\t" + template + "\t" + connect + "\t-1\t0\t0\t1663\t" + o.Collate + "\t" + o.Collate +
					"\t\\N\t\\N\t" + acl + "\n")
			}
			row("1", "template1", "t", "t", "{0=c/10,10=CTc/10}")
			row("4", "template0", "t", "f", "{0=c/10,10=CTc/10}")
			row("5", "postgres", "f", "t", `\N`)
		case "pg_shdescription":
		default:
			return builtin.Rows(name)
		}
		return b.String()
	})
}

// copyEscape writes a field of COPY's text format.
func copyEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(s)
}
