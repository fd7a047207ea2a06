package session

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// databaseOptions reads the options of CREATE and ALTER DATABASE.
func databaseOptions(options []parse.Node) (o handoff.DatabaseCreate, err error) {
	seen := map[string]bool{}
	texts := map[string]*string{
		"owner": &o.Owner, "template": &o.Template, "encoding": &o.Encoding, "locale": &o.Locale, "lc_collate": &o.Collate,
		"lc_ctype": &o.Ctype, "locale_provider": &o.LocaleProvider, "tablespace": &o.Tablespace, "strategy": &o.Strategy,
	}
	for _, n := range options {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return o, pgerr.Unsupported(-1, "this option is not supported")
		}
		if seen[d.Defname] {
			return o, pgerr.New(pgerr.SyntaxError, "conflicting or redundant options").At(d.Location)
		}
		seen[d.Defname] = true
		if p := texts[d.Defname]; p != nil {
			// DEFAULT is a missing argument.
			if d.Arg != nil {
				if *p, err = defString(d); err != nil {
					return o, err
				}
			}
			continue
		}
		switch d.Defname {
		case "allow_connections", "is_template":
			on, err := defBool(d)
			if err != nil {
				return o, err
			}
			if d.Defname == "is_template" {
				o.IsTemplate = &on
			} else {
				o.AllowConnections = &on
			}
		case "connection_limit":
			limit, ok := d.Arg.(*parse.Integer)
			if !ok {
				return o, pgerr.Unsupported(d.Location, "this connection limit is not supported")
			}
			if limit.Ival < -1 {
				return o, pgerr.New(pgerr.InvalidParameterValue, "invalid connection limit: %d", limit.Ival)
			}
			o.ConnectionLimit = &limit.Ival
		case "oid":
			oid, ok := d.Arg.(*parse.Integer)
			if !ok || oid.Ival < 16384 {
				return o, pgerr.New(pgerr.InvalidParameterValue, "OIDs less than 16384 are reserved for system objects")
			}
			o.OID = uint32(oid.Ival)
		case "location":
		case "icu_locale", "icu_rules", "builtin_locale", "collation_version":
			return o, pgerr.Unsupported(d.Location, "option \"%s\" is not supported", d.Defname)
		default:
			return o, pgerr.New(pgerr.SyntaxError, "option \"%s\" not recognized", d.Defname).At(d.Location)
		}
	}
	return o, nil
}

func createDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.CreatedbStmt)
	if err := s.preventBlock(c, "CREATE DATABASE"); err != nil {
		return nil, err
	}
	if err := s.changeShared("CREATE DATABASE"); err != nil {
		return nil, err
	}
	o, err := databaseOptions(n.Options)
	if err != nil {
		return nil, err
	}
	o.Name = n.Dbname
	return done("CREATE DATABASE"), s.ask(handoff.AskDatabaseCreate, o, nil)
}

func dropDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.DropdbStmt)
	if err := s.preventBlock(c, "DROP DATABASE"); err != nil {
		return nil, err
	}
	if err := s.changeShared("DROP DATABASE"); err != nil {
		return nil, err
	}
	if n.Dbname == s.Identity.Database {
		return nil, pgerr.New(pgerr.ObjectInUse, "cannot drop the currently open database")
	}
	d := handoff.DatabaseDrop{Name: n.Dbname, IfExists: n.MissingOk}
	for _, o := range n.Options {
		if e, ok := o.(*parse.DefElem); ok && e.Defname == "force" {
			d.Force = true
			continue
		}
		return nil, pgerr.New(pgerr.SyntaxError, "unrecognized DROP DATABASE option")
	}
	return done("DROP DATABASE"), s.ask(handoff.AskDatabaseDrop, d, nil)
}

func alterDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterDatabaseStmt)
	if err := s.changeShared("ALTER DATABASE"); err != nil {
		return nil, err
	}
	o, err := databaseOptions(n.Options)
	if err != nil {
		return nil, err
	}
	if o.Tablespace != "" {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "tablespaces are not supported")
	}
	return done("ALTER DATABASE"), s.ask(handoff.AskDatabaseAlter, handoff.DatabaseAlter{
		Name: n.Dbname, ConnectionLimit: o.ConnectionLimit, AllowConnections: o.AllowConnections, IsTemplate: o.IsTemplate,
	}, nil)
}

func ownDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterOwnerStmt)
	if err := s.changeShared("ALTER DATABASE"); err != nil {
		return nil, err
	}
	owner, err := s.roleSpec(n.Newowner)
	if err != nil {
		return nil, err
	}
	return done("ALTER DATABASE"), s.ask(handoff.AskDatabaseAlter, handoff.DatabaseAlter{Name: nodeText(n.Object), Owner: owner}, nil)
}

func renameDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.RenameStmt)
	if err := s.changeShared("ALTER DATABASE"); err != nil {
		return nil, err
	}
	if n.Subname == s.Identity.Database {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "current database cannot be renamed")
	}
	return done("ALTER DATABASE"), s.ask(handoff.AskDatabaseRename, handoff.Rename{Old: n.Subname, New: n.Newname}, nil)
}

func alterDatabaseSet(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterDatabaseSetStmt)
	if err := s.changeShared("ALTER DATABASE"); err != nil {
		return nil, err
	}
	return done("ALTER DATABASE"), s.storedSetting(n.Setstmt, handoff.StoredSetting{Database: n.Dbname, AllRoles: true})
}

// nodeText gives the name an object of one word has.
func nodeText(n parse.Node) string {
	switch n := n.(type) {
	case *parse.String:
		return n.Sval
	case *parse.List:
		if len(n.Items) == 1 {
			return nodeText(n.Items[0])
		}
	}
	return ""
}

// commentShared runs COMMENT ON DATABASE, ROLE and TABLESPACE.
func commentShared(s *session, c *command) (*result, error) {
	n := c.node.(*parse.CommentStmt)
	if err := s.changeShared("COMMENT"); err != nil {
		return nil, err
	}
	kind := map[parse.ObjectType]string{parse.ObjectType_OBJECT_DATABASE: "database", parse.ObjectType_OBJECT_ROLE: "role",
		parse.ObjectType_OBJECT_TABLESPACE: "tablespace"}[n.Objtype]
	m := handoff.Comment{Kind: kind, Name: nodeText(n.Object)}
	if n.Comment != "" {
		m.Text = &n.Comment
	}
	return done("COMMENT"), s.ask(handoff.AskComment, m, nil)
}

var databasePrivileges = map[string]string{"create": "C", "temporary": "T", "temp": "T", "connect": "c"}

// grantDatabase runs GRANT and REVOKE ON DATABASE.
func grantDatabase(s *session, c *command) (*result, error) {
	n := c.node.(*parse.GrantStmt)
	tag := commandTag(n)
	if err := s.changeShared(tag); err != nil {
		return nil, err
	}
	m := handoff.Privileges{Kind: "database", Revoke: !n.IsGrant, GrantOption: n.GrantOption, Cascade: n.Behavior == parse.DropBehavior_DROP_CASCADE}
	for _, o := range n.Objects {
		m.Names = append(m.Names, nodeText(o))
	}
	for _, p := range n.Privileges {
		a, ok := p.(*parse.AccessPriv)
		if !ok || len(a.Cols) > 0 {
			return nil, pgerr.New(pgerr.InvalidGrantOperation, "column privileges are only valid for relations")
		}
		letter, ok := databasePrivileges[a.PrivName]
		if !ok {
			if grantNames[a.PrivName] {
				return nil, pgerr.New(pgerr.InvalidGrantOperation, "invalid privilege type %s for database", upper(a.PrivName))
			}
			return nil, pgerr.New(pgerr.SyntaxError, "unrecognized privilege type \"%s\"", a.PrivName)
		}
		m.Privileges += letter
	}
	for _, g := range n.Grantees {
		r, ok := g.(*parse.RoleSpec)
		if !ok {
			return nil, pgerr.Unsupported(-1, "this grantee is not supported")
		}
		if r.Roletype == parse.RoleSpecType_ROLESPEC_PUBLIC {
			m.Grantees = append(m.Grantees, "")
			continue
		}
		name, err := s.roleSpec(r)
		if err != nil {
			return nil, err
		}
		m.Grantees = append(m.Grantees, name)
	}
	var err error
	if m.GrantedBy, err = s.roleSpec(n.Grantor); err != nil {
		return nil, err
	}
	return done(tag), s.ask(handoff.AskPrivileges, m, nil)
}

var grantNames = map[string]bool{
	"select": true, "insert": true, "update": true, "delete": true, "truncate": true, "references": true, "trigger": true, "execute": true,
	"usage": true, "set": true, "alter system": true,
}

// alterSystem runs ALTER SYSTEM.
func alterSystem(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterSystemStmt).Setstmt
	if err := s.preventBlock(c, "ALTER SYSTEM"); err != nil {
		return nil, err
	}
	if !s.who.superuser {
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set parameter \"%s\"", n.Name)
	}
	m := handoff.SystemSet{Name: n.Name}
	switch n.Kind {
	case parse.VariableSetKind_VAR_RESET_ALL:
		m.Name = ""
	case parse.VariableSetKind_VAR_RESET, parse.VariableSetKind_VAR_SET_DEFAULT:
	case parse.VariableSetKind_VAR_SET_VALUE:
		value, err := s.setValue(n)
		if err != nil {
			return nil, err
		}
		if _, _, err := s.checkSetting(n.Name, value); err != nil {
			return nil, err
		}
		m.Value = &value
	default:
		return nil, pgerr.Unsupported(-1, "this form of ALTER SYSTEM is not supported")
	}
	if m.Name != "" {
		set := settings.Find(m.Name)
		if set == nil {
			return nil, settingError(settings.Unrecognized(m.Name))
		}
		m.Name = set.Name
		if set.Context == settings.ContextInternal {
			return nil, pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed", set.Name)
		}
	}
	return done("ALTER SYSTEM"), s.ask(handoff.AskSystemSet, m, nil)
}
