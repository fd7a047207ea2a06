package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// createEnum carries out CREATE TYPE … AS ENUM.
func (e *Env) createEnum(n *parse.CreateEnumStmt) (string, error) {
	const tag = "CREATE TYPE"
	if err := analyze.Only(n, parse.Has_CreateEnumStmt_TypeName|parse.Has_CreateEnumStmt_Vals, -1); err != nil {
		return tag, err
	}
	ns, name, err := e.newTypeName(n.TypeName)
	if err != nil {
		return tag, err
	}
	labels := stringsOf(n.Vals)
	if t := e.Catalog.TypeByName(e.Catalog.NamespaceName(ns), name); t == nil || t.Namespace != ns {
		for _, l := range labels {
			if err := validLabel(l); err != nil {
				return tag, err
			}
		}
	}
	if _, err := e.writer().CreateEnum(name, ns, e.User, labels); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

func validLabel(l string) error {
	if len(l) > maxName {
		return pgerr.New(pgerr.InvalidName, "invalid enum label \"%s\"", l).WithDetail("Labels must be %d bytes or less.", maxName)
	}
	return nil
}

// alterEnum carries out ALTER TYPE … ADD VALUE and RENAME VALUE.
func (e *Env) alterEnum(n *parse.AlterEnumStmt) (string, error) {
	const tag = "ALTER TYPE"
	const consumed = parse.Has_AlterEnumStmt_TypeName | parse.Has_AlterEnumStmt_OldVal | parse.Has_AlterEnumStmt_NewVal |
		parse.Has_AlterEnumStmt_NewValNeighbor | parse.Has_AlterEnumStmt_NewValIsAfter | parse.Has_AlterEnumStmt_SkipIfNewValExists
	if err := analyze.Only(n, consumed, -1); err != nil {
		return tag, err
	}
	t, err := e.typeNamed(n.TypeName)
	if err != nil {
		return tag, err
	}
	if t.Kind != 'e' {
		return tag, pgerr.New(pgerr.WrongObjectType, "%s is not an enum", e.Catalog.FormatType(t.OID, -1))
	}
	if err := e.mustOwnType(t); err != nil {
		return tag, err
	}
	enum := e.Catalog.DataType(t.OID)
	if enum == nil || enum.Enum == nil {
		return tag, pgerr.New(pgerr.InternalError, "cache lookup failed for type %d", t.OID)
	}
	if n.Present&parse.Has_AlterEnumStmt_OldVal != 0 {
		err = e.renameLabel(t, enum.Enum, n.OldVal, n.NewVal)
	} else {
		err = e.addLabel(t, enum.Enum, n)
	}
	if err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

func labelAt(enum *types.EnumType, label string) int {
	for i, l := range enum.Labels {
		if l.Label == label {
			return i
		}
	}
	return -1
}

func (e *Env) renameLabel(t *catalog.TypeRow, enum *types.EnumType, from, to string) error {
	if err := validLabel(to); err != nil {
		return err
	}
	if labelAt(enum, from) < 0 {
		return pgerr.New(pgerr.InvalidParameterValue, "\"%s\" is not an existing enum label", from)
	}
	if labelAt(enum, to) >= 0 {
		return pgerr.New(pgerr.DuplicateObject, "enum label \"%s\" already exists", to)
	}
	return e.writer().RenameEnumLabel(t.OID, from, to)
}

// addLabel puts a label behind all others, or beside one: its key is between its neighbours', so that no stored value changes.
func (e *Env) addLabel(t *catalog.TypeRow, enum *types.EnumType, n *parse.AlterEnumStmt) error {
	if err := validLabel(n.NewVal); err != nil {
		return err
	}
	if labelAt(enum, n.NewVal) >= 0 {
		if n.SkipIfNewValExists {
			e.skip(pgerr.DuplicateObject, "enum label \"%s\" already exists", n.NewVal)
			return nil
		}
		return pgerr.New(pgerr.DuplicateObject, "enum label \"%s\" already exists", n.NewVal)
	}
	last := len(enum.Labels)
	at := last
	if n.Present&parse.Has_AlterEnumStmt_NewValNeighbor != 0 {
		if at = labelAt(enum, n.NewValNeighbor); at < 0 {
			return pgerr.New(pgerr.InvalidParameterValue, "\"%s\" is not an existing enum label", n.NewValNeighbor)
		}
		if n.NewValIsAfter {
			at++
		}
	}
	key := 1.0
	switch {
	case last == 0:
	case at == last:
		key = enum.Labels[last-1].Key + 1
	case at == 0:
		key = enum.Labels[0].Key - 1
	default:
		var ok bool
		if key, ok = types.KeyBetween(enum.Labels[at-1].Key, enum.Labels[at].Key); !ok {
			return pgerr.New(pgerr.ProgramLimitExceeded, "too many enum labels were added between \"%s\" and \"%s\"", enum.Labels[at-1].Label, enum.Labels[at].Label)
		}
	}
	return e.writer().AddEnumLabel(t.OID, key, n.NewVal)
}
