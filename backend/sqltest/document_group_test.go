package sqltest

import (
	"strings"

	"pgd/backend/catalog/builtin"
)

const internalGroup = "called by the server only"

// typeGroups put an entry into a section by the types it handles; the first that fits counts.
var typeGroups = []struct {
	title string
	types string
}{
	{"text search", "tsvector tsquery regconfig regdictionary gtsvector"},
	{"XML", "xml"},
	{"geometry", "point box lseg line path polygon circle"},
	{"ranges and multiranges", "int4range numrange tsrange tstzrange daterange int8range int4multirange nummultirange tsmultirange tstzmultirange datemultirange int8multirange anyrange anymultirange anycompatiblerange anycompatiblemultirange"},
	{"JSON", "json jsonb jsonpath"},
	{"network and hardware addresses", "inet cidr macaddr macaddr8"},
	{"enums", "anyenum"},
	{"snapshots, LSNs, row identifiers", "txid_snapshot pg_snapshot xid8 pg_lsn tid xid cid"},
	{"date and time", "date time timetz timestamp timestamptz interval"},
	{"access control", "aclitem _aclitem"},
	{"bit strings", "bit varbit"},
	{"bytes", "bytea"},
	{"UUID", "uuid"},
	{"money", "money"},
	{"arrays", "anyarray anycompatiblearray oidvector int2vector"},
	{"numbers", "numeric float4 float8"},
	{"object identifiers", "oid regproc regprocedure regoper regoperator regclass regtype regrole regnamespace regcollation"},
	{"strings", "text varchar bpchar name char cstring"},
	{"numbers", "int2 int4 int8"},
	{"booleans", "bool"},
}

// namedGroups put functions into a section by the beginning of their names.
var namedGroups = []struct {
	title    string
	prefixes []string
}{
	{"statistics views", []string{"pg_stat_", "pg_statistic"}},
	{"large objects", []string{"lo_", "loread", "lowrite"}},
	{"replication and backup", []string{"pg_replication_", "pg_logical_", "pg_create_", "pg_drop_replication", "pg_wal", "pg_backup", "pg_switch_wal", "pg_last_", "pg_is_", "pg_get_wal",
		"pg_copy_", "pg_promote", "pg_get_replication", "pg_show_replication", "pg_current_wal", "pg_control_", "pg_ls_", "pg_export_snapshot", "pg_get_publication", "pg_extension", "pg_wal_"}},
	{"system information and administration", []string{"pg_", "has_", "current_", "session_user", "version", "format_type", "col_description", "obj_description", "shobj_description",
		"set_config", "inet_server", "inet_client", "txid_", "row_security_active", "binary_upgrade", "makeaclitem", "aclexplode", "acldefault", "aclinsert", "aclremove", "aclcontains", "to_reg", "getdatabaseencoding", "getpgusername", "query_to_", "table_to_", "schema_to_", "database_to_", "cursor_to_"}},
	{"sequences", []string{"nextval", "currval", "setval", "lastval"}},
	{"selectivity and planner support", []string{"eqsel", "neqsel", "scalar", "areasel", "areajoinsel", "positionsel", "contsel", "likesel"}},
}

// groupOfProc gives a function's section.
func groupOfProc(p *builtin.Proc) string {
	switch p.Kind {
	case 'a':
		return "aggregates"
	case 'w':
		return "window functions"
	}
	for _, g := range namedGroups {
		for _, prefix := range g.prefixes {
			if strings.HasPrefix(p.Name, prefix) {
				return g.title
			}
		}
	}
	return groupOf(append(append([]uint32{}, p.Args...), p.Result))
}

// groupOf gives a section by types.
func groupOf(oids []uint32) string {
	for _, g := range typeGroups {
		for _, oid := range oids {
			t := builtin.TypeByOID(oid)
			if t == nil {
				continue
			}
			for _, name := range strings.Fields(g.types) {
				if t.Name == name || t.Name == "_"+name {
					return g.title
				}
			}
		}
	}
	return "others"
}
