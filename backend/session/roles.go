package session

import (
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// changeShared checks what holds for every statement the keeper carries out.
func (s *session) changeShared(tag string) error { return s.preventReadOnly(tag) }

// roleSpec gives the name of the role a statement means.
func (s *session) roleSpec(r *parse.RoleSpec) (string, error) {
	if r == nil {
		return "", nil
	}
	switch r.Roletype {
	case parse.RoleSpecType_ROLESPEC_CURRENT_ROLE, parse.RoleSpecType_ROLESPEC_CURRENT_USER:
		return s.who.user, nil
	case parse.RoleSpecType_ROLESPEC_SESSION_USER:
		return s.who.sessionUser, nil
	case parse.RoleSpecType_ROLESPEC_PUBLIC:
		return "", pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", "public").At(r.Location)
	}
	return r.Rolename, nil
}

func (s *session) roleSpecs(list []parse.Node) ([]string, error) {
	var names []string
	for _, n := range list {
		r, ok := n.(*parse.RoleSpec)
		if !ok {
			return nil, pgerr.Unsupported(-1, "this form of role name is not supported")
		}
		name, err := s.roleSpec(r)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// roleOptions reads the options of CREATE and ALTER ROLE; lists holds those that name roles.
func (s *session) roleOptions(options []parse.Node) (o handoff.RoleOptions, lists map[string][]string, err error) {
	lists = map[string][]string{}
	seen := map[string]bool{}
	flags := map[string]**bool{
		"superuser": &o.Superuser, "createdb": &o.CreateDB, "createrole": &o.CreateRole, "inherit": &o.Inherit, "canlogin": &o.Login,
		"isreplication": &o.Replication, "bypassrls": &o.BypassRLS,
	}
	for _, n := range options {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return o, nil, pgerr.Unsupported(-1, "this option is not supported")
		}
		if seen[d.Defname] {
			return o, nil, pgerr.New(pgerr.SyntaxError, "conflicting or redundant options").At(d.Location)
		}
		seen[d.Defname] = true
		if f := flags[d.Defname]; f != nil {
			on, err := defBool(d)
			if err != nil {
				return o, nil, err
			}
			*f = &on
			continue
		}
		switch d.Defname {
		case "password":
			if d.Arg == nil {
				empty := ""
				o.Password, o.NullPassword = &empty, true
				continue
			}
			text, err := defString(d)
			if err != nil {
				return o, nil, err
			}
			o.Password = &text
			o.Iterations = int(s.intSetting("scram_iterations"))
		case "connectionlimit":
			limit, ok := d.Arg.(*parse.Integer)
			if !ok {
				return o, nil, pgerr.Unsupported(d.Location, "this connection limit is not supported")
			}
			if limit.Ival < -1 {
				return o, nil, pgerr.New(pgerr.InvalidParameterValue, "invalid connection limit: %d", limit.Ival)
			}
			o.ConnectionLimit = &limit.Ival
		case "validUntil":
			text, err := defString(d)
			if err != nil {
				return o, nil, err
			}
			t := s.types.Find(1184)
			if t == nil || t.Input == nil {
				return o, nil, pgerr.Unsupported(d.Location, "VALID UNTIL is not supported")
			}
			v, err := t.Input(&s.types, text, -1)
			if err != nil {
				return o, nil, err
			}
			o.ValidUntil = &v.I
		case "addroleto", "rolemembers", "adminmembers":
			l, ok := d.Arg.(*parse.List)
			if !ok {
				return o, nil, pgerr.Unsupported(d.Location, "this list of roles is not supported")
			}
			if lists[d.Defname], err = s.roleSpecs(l.Items); err != nil {
				return o, nil, err
			}
		case "sysid":
			s.notice(pgerr.Notice(pgerr.SuccessfulCompletion, "SYSID can no longer be specified"))
		default:
			return o, nil, pgerr.Unsupported(d.Location, "option \"%s\" is not supported", d.Defname)
		}
	}
	return o, lists, nil
}

func createRole(s *session, c *command) (*result, error) {
	n := c.node.(*parse.CreateRoleStmt)
	if err := s.changeShared("CREATE ROLE"); err != nil {
		return nil, err
	}
	o, lists, err := s.roleOptions(n.Options)
	if err != nil {
		return nil, err
	}
	if o.Login == nil && n.StmtType == parse.RoleStmtType_ROLESTMT_USER {
		yes := true
		o.Login = &yes
	}
	return done("CREATE ROLE"), s.ask(handoff.AskRoleCreate, handoff.RoleCreate{
		Name: n.Role, RoleOptions: o, InRoles: lists["addroleto"], Members: lists["rolemembers"], Admins: lists["adminmembers"],
	}, nil)
}

func alterRole(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterRoleStmt)
	if err := s.changeShared("ALTER ROLE"); err != nil {
		return nil, err
	}
	name, err := s.roleSpec(n.Role)
	if err != nil {
		return nil, err
	}
	o, lists, err := s.roleOptions(n.Options)
	if err != nil {
		return nil, err
	}
	a := handoff.RoleAlter{Name: name, RoleOptions: o}
	if n.Action >= 0 {
		a.Add = lists["rolemembers"]
	} else {
		a.Drop = lists["rolemembers"]
	}
	return done("ALTER ROLE"), s.ask(handoff.AskRoleAlter, a, nil)
}

func dropRole(s *session, c *command) (*result, error) {
	n := c.node.(*parse.DropRoleStmt)
	if err := s.changeShared("DROP ROLE"); err != nil {
		return nil, err
	}
	for _, r := range n.Roles {
		if spec, ok := r.(*parse.RoleSpec); ok && spec.Roletype != parse.RoleSpecType_ROLESPEC_CSTRING {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot use special role specifier in DROP ROLE")
		}
	}
	names, err := s.roleSpecs(n.Roles)
	if err != nil {
		return nil, err
	}
	d := handoff.RoleDrop{Names: names, IfExists: n.MissingOk}
	if s.who.sessionOID != s.Identity.RoleOID {
		d.SessionAs = s.who.sessionOID
	}
	for _, name := range names {
		delete(s.who.known, name)
	}
	return done("DROP ROLE"), s.ask(handoff.AskRoleDrop, d, nil)
}

func renameRole(s *session, c *command) (*result, error) {
	n := c.node.(*parse.RenameStmt)
	if err := s.changeShared("ALTER ROLE"); err != nil {
		return nil, err
	}
	return done("ALTER ROLE"), s.ask(handoff.AskRoleRename, handoff.Rename{Old: n.Subname, New: n.Newname}, nil)
}

func grantRole(s *session, c *command) (*result, error) {
	n := c.node.(*parse.GrantRoleStmt)
	tag := commandTag(n)
	if err := s.changeShared(tag); err != nil {
		return nil, err
	}
	g := handoff.GrantRole{Revoke: !n.IsGrant, Cascade: n.Behavior == parse.DropBehavior_DROP_CASCADE}
	for _, r := range n.GrantedRoles {
		p, ok := r.(*parse.AccessPriv)
		if !ok || p.PrivName == "" || len(p.Cols) > 0 {
			return nil, pgerr.New(pgerr.InvalidGrantOperation, "column names cannot be included in GRANT/REVOKE ROLE")
		}
		g.Roles = append(g.Roles, p.PrivName)
	}
	var err error
	if g.Members, err = s.roleSpecs(n.GranteeRoles); err != nil {
		return nil, err
	}
	if g.GrantedBy, err = s.roleSpec(n.Grantor); err != nil {
		return nil, err
	}
	for _, o := range n.Opt {
		d, ok := o.(*parse.DefElem)
		if !ok || d.Defname != "admin" {
			return nil, pgerr.Unsupported(-1, "this option of GRANT is not supported")
		}
		if g.Admin, err = defBool(d); err != nil {
			return nil, err
		}
		if g.Revoke {
			// REVOKE ADMIN OPTION FOR names the option with the value it takes.
			g.Admin = true
		}
	}
	return done(tag), s.ask(handoff.AskGrantRole, g, nil)
}

// storedSetting makes the request for ALTER ROLE and ALTER DATABASE SET and RESET.
func (s *session) storedSetting(set *parse.VariableSetStmt, st handoff.StoredSetting) error {
	if set.Kind == parse.VariableSetKind_VAR_RESET_ALL {
		return s.ask(handoff.AskSetting, st, nil)
	}
	st.Name = set.Name
	var value string
	switch set.Kind {
	case parse.VariableSetKind_VAR_SET_VALUE:
		v, err := s.setValue(set)
		if err != nil {
			return err
		}
		value = v
	case parse.VariableSetKind_VAR_SET_CURRENT:
		v, ok := s.show(set.Name)
		if !ok {
			return settingError(settings.Unrecognized(set.Name))
		}
		value = v
	case parse.VariableSetKind_VAR_RESET, parse.VariableSetKind_VAR_SET_DEFAULT:
		name, err := s.storable(set.Name)
		if err != nil {
			return err
		}
		st.Name = name
		return s.ask(handoff.AskSetting, st, nil)
	default:
		return pgerr.Unsupported(-1, "this form of SET is not supported here")
	}
	if _, err := s.storable(set.Name); err != nil {
		return err
	}
	name, canonical, err := s.checkSetting(set.Name, value)
	if err != nil {
		return err
	}
	st.Name, st.Value = name, &canonical
	return s.ask(handoff.AskSetting, st, nil)
}

// storable refuses settings that no role or database can have values of its own for.
func (s *session) storable(name string) (string, error) {
	set := settings.Find(name)
	if set == nil {
		if !strings.Contains(name, ".") {
			return "", settingError(settings.Unrecognized(name))
		}
		return strings.ToLower(name), nil
	}
	if set.Context == settings.ContextBackend || set.Context == settings.ContextSuperuserBackend && s.who.superuser {
		return set.Name, nil
	}
	return set.Name, s.settable(set)
}

func alterRoleSet(s *session, c *command) (*result, error) {
	n := c.node.(*parse.AlterRoleSetStmt)
	if err := s.changeShared("ALTER ROLE"); err != nil {
		return nil, err
	}
	st := handoff.StoredSetting{Database: n.Database, AllRoles: n.Role == nil}
	var err error
	if st.Role, err = s.roleSpec(n.Role); err != nil {
		return nil, err
	}
	return done("ALTER ROLE"), s.storedSetting(n.Setstmt, st)
}
