package session

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/install/settings"
)

// modeValue gives a transaction mode's value as a setting has it.
func modeValue(d *parse.DefElem) string {
	c, ok := d.Arg.(*parse.A_Const)
	if !ok {
		return ""
	}
	switch {
	case c.Sval != nil:
		return c.Sval.Sval
	case c.Ival != nil && c.Ival.Ival != 0, c.Boolval != nil && c.Boolval.Boolval:
		return "on"
	}
	return "off"
}

// setModes gives the transaction the characteristics of BEGIN or SET TRANSACTION.
func (s *session) setModes(modes []parse.Node) error {
	for _, m := range modes {
		d, ok := m.(*parse.DefElem)
		if !ok {
			return pgerr.Unsupported(-1, "this transaction mode is not supported")
		}
		value := modeValue(d)
		if err := s.setTransactionSetting(d.Defname, &value); err != nil {
			return err
		}
	}
	return nil
}

// setTransactionSetting changes a characteristic of the transaction; nil is the session's default. Outside of a transaction block it is
// the statement's own transaction that changes, which is of no use.
func (s *session) setTransactionSetting(name string, value *string) error {
	v := s.vars.get("default_" + name)
	if value != nil {
		canonical, err := settings.Find(name).Parse(*value)
		if err != nil {
			return settingError(err)
		}
		v = canonical
	}
	switch name {
	case "transaction_isolation":
		if v == s.tx.level {
			return nil
		}
		switch {
		case s.tx.queried:
			return pgerr.New(pgerr.ActiveSqlTransaction, "SET TRANSACTION ISOLATION LEVEL must be called before any query")
		case len(s.tx.saves) > 0:
			return pgerr.New(pgerr.ActiveSqlTransaction, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction")
		}
		s.tx.level, s.tx.isolation = v, isolationNames[v]
	case "transaction_read_only":
		on := v == "on"
		if !on && s.tx.readOnly {
			switch {
			case len(s.tx.saves) > 0 && s.tx.saves[len(s.tx.saves)-1].readOnly:
				return pgerr.New(pgerr.ActiveSqlTransaction, "cannot set transaction read-write mode inside a read-only transaction")
			case s.tx.queried:
				return pgerr.New(pgerr.ActiveSqlTransaction, "transaction read-write mode must be set before any query")
			}
		}
		if on == s.tx.readOnly {
			return nil
		}
		s.tx.readOnly = on
		if s.tx.queried {
			// The store decides at the first snapshot; from here the session refuses what writes.
			return nil
		}
	case "transaction_deferrable":
		if s.tx.queried {
			return pgerr.New(pgerr.ActiveSqlTransaction, "SET TRANSACTION [NOT] DEFERRABLE must be called before any query")
		}
		s.tx.deferrable = v == "on"
		return nil
	}
	if !s.tx.open {
		return nil
	}
	return s.storeError(s.db.SetIsolation(s.tx.isolation, s.tx.readOnly))
}

// waits tells whether a foreign key is checked at the end of the transaction only.
func (s *session) waits(c *catalog.Constraint) bool {
	if !c.Deferrable {
		return false
	}
	if s.tx.constraints != nil {
		return *s.tx.constraints
	}
	return c.Deferred
}
