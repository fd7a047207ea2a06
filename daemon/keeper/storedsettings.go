package keeper

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// typeText is the OID of text.
const typeText = 25

func readTexts(b []byte) (out []string, err error) {
	if len(b) == 0 {
		return nil, nil
	}
	err = types.EachElement(types.BlobValue(b), func(e types.Value) bool {
		out = append(out, string(e.B))
		return true
	})
	return out, err
}

func splitSetting(text string) (name, value string) {
	name, value, _ = strings.Cut(text, "=")
	return name, value
}

// handleSetting is ALTER ROLE and ALTER DATABASE ... SET and RESET.
func handleSetting(c *channel, who actor, q *handoff.StoredSetting) (any, error) {
	var key settingOf
	switch {
	case q.AllRoles:
		if q.Role != "" || !who.super && q.Database == "" {
			return nil, denied("must be superuser to alter settings globally")
		}
	case q.Role != "":
		x, err := who.r.named(q.Role)
		switch {
		case err != nil:
			return nil, err
		case strings.HasPrefix(x.name, "pg_"):
			return nil, pgerr.New(pgerr.ReservedName, `role name "%s" is reserved`, x.name).WithDetail("Cannot alter reserved roles.")
		case x.super && !who.super:
			return nil, denied("must be superuser to alter superusers")
		case !who.createRoles() && x.oid != who.oid:
			return nil, denied("permission denied")
		}
		key.role = x.oid
	}
	if q.Database != "" {
		d, err := who.r.database(q.Database)
		if err != nil {
			return nil, err
		}
		if q.Role == "" && !who.may(d.owner) {
			return nil, denied("must be owner of database %s", d.name)
		}
		key.database = d.oid
	}
	if key == (settingOf{}) && !q.AllRoles {
		return nil, pgerr.New(pgerr.SyntaxError, "a role or a database is needed")
	}
	list := who.r.settings[key]
	if q.Name == "" {
		list = keepUnsettable(list, who)
	} else {
		text, err := storedSetting(who, q)
		if err != nil {
			return nil, err
		}
		list = replaceSetting(list, q.Name, text)
	}
	s := c.k.store
	if err := s.exec(`DELETE FROM "pg_catalog.pg_db_role_setting" WHERE setdatabase = ? AND setrole = ?`, key.database, key.role); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, nil
	}
	elems := make([]types.Value, len(list))
	for i, t := range list {
		elems[i] = types.StringValue(t)
	}
	return nil, s.exec(`INSERT INTO "pg_catalog.pg_db_role_setting" (setdatabase, setrole, setconfig) VALUES (?, ?, ?)`,
		key.database, key.role, types.NewArray(typeText, elems))
}

// storedSetting checks a setting and gives "name=value"; "" where it is reset.
func storedSetting(who actor, q *handoff.StoredSetting) (string, error) {
	s := settings.Find(q.Name)
	if s == nil {
		if !settings.Custom(q.Name) {
			return "", fromSettings(settings.Unrecognized(q.Name))
		}
		if q.Value == nil {
			return "", nil
		}
		return q.Name + "=" + *q.Value, nil
	}
	switch s.Context {
	case settings.ContextUser, settings.ContextBackend:
	case settings.ContextSuperuser, settings.ContextSuperuserBackend:
		if !who.super {
			return "", denied(`permission denied to set parameter "%s"`, s.Name)
		}
	default:
		return "", pgerr.New(pgerr.CantChangeRuntimeParam, `parameter "%s" cannot be changed`, s.Name)
	}
	if q.Value == nil {
		return "", nil
	}
	if _, err := s.Parse(*q.Value); err != nil {
		return "", fromSettings(err)
	}
	return s.Name + "=" + *q.Value, nil
}

// keepUnsettable is RESET ALL: what the actor could not set stays.
func keepUnsettable(list []string, who actor) (out []string) {
	for _, text := range list {
		name, _ := splitSetting(text)
		s := settings.Find(name)
		if !who.super && s != nil && (s.Context == settings.ContextSuperuser || s.Context == settings.ContextSuperuserBackend) {
			out = append(out, text)
		}
	}
	return out
}

// replaceSetting gives the list with one setting changed, in its place where it was there already.
func replaceSetting(list []string, name, text string) (out []string) {
	found := false
	for _, old := range list {
		if n, _ := splitSetting(old); !strings.EqualFold(n, name) {
			out = append(out, old)
		} else if text != "" && !found {
			out, found = append(out, text), true
		}
	}
	if text != "" && !found {
		out = append(out, text)
	}
	return out
}

// fromSettings gives a setting's error as the client's.
func fromSettings(err error) error {
	if e, ok := err.(*settings.Error); ok {
		return &pgerr.Error{Code: e.Code, Message: e.Message, Detail: e.Detail, Hint: e.Hint}
	}
	return err
}
