package session

import "pgd/install/settings"

// variables are the session's settings over those of the configuration. A change belongs to the transaction that made it: it is in the
// journal until the transaction ends, and undone from there. Names are those of the table, custom ones lower case.
type variables struct {
	base    *settings.Values
	vars    map[string]*variable
	journal []undo
	// changed is called after the value of name may have changed.
	changed func(name string)
}

// variable is a setting this session has a value of its own for. local hides value until the transaction ends.
type variable struct {
	reset, value, local string
	hasReset, hasLocal  bool
	set                 bool // value counts; otherwise reset does, or the configuration's
	source, resetSource string
}

// undo puts a variable back.
type undo struct {
	name string
	old  variable
}

func newVariables(base *settings.Values) *variables {
	return &variables{base: base, vars: map[string]*variable{}, changed: func(string) {}}
}

// get gives the canonical value in effect.
func (v *variables) get(name string) string {
	if x := v.vars[name]; x != nil {
		switch {
		case x.hasLocal:
			return x.local
		case x.set:
			return x.value
		case x.hasReset:
			return x.reset
		}
	}
	return v.base.Get(name)
}

// resetValue gives what RESET would make of it.
func (v *variables) resetValue(name string) string {
	if x := v.vars[name]; x != nil && x.hasReset {
		return x.reset
	}
	return v.base.Get(name)
}

// source tells where the value in effect came from, as pg_settings says.
func (v *variables) source(name string) string {
	if x := v.vars[name]; x != nil {
		switch {
		case x.hasLocal, x.set:
			return x.source
		case x.hasReset:
			return x.resetSource
		}
	}
	return v.base.Source(name).Kind
}

// exists tells whether a custom name has a value.
func (v *variables) exists(name string) bool {
	if x := v.vars[name]; x != nil && (x.hasLocal || x.set || x.hasReset) {
		return true
	}
	return v.base.IsSet(name)
}

// start gives a setting the value the session begins with, to which RESET returns.
func (v *variables) start(name, value, source string) {
	x := v.vars[name]
	if x == nil {
		x = &variable{}
		v.vars[name] = x
	}
	x.reset, x.hasReset, x.resetSource = value, true, source
	v.changed(name)
}

// set changes a setting for the session, or with local for the transaction.
func (v *variables) set(name, value string, local bool) {
	v.change(name, func(x *variable) {
		if local {
			x.local, x.hasLocal = value, true
		} else {
			x.value, x.set, x.hasLocal = value, true, false
		}
		x.source = "session"
	})
}

// unset takes the session's value away.
func (v *variables) unset(name string, local bool) {
	if local {
		v.set(name, v.resetValue(name), true)
		return
	}
	if v.vars[name] == nil {
		return
	}
	v.change(name, func(x *variable) { x.set, x.hasLocal = false, false })
}

func (v *variables) change(name string, f func(*variable)) {
	x := v.vars[name]
	if x == nil {
		x = &variable{}
		v.vars[name] = x
	}
	v.journal = append(v.journal, undo{name, *x})
	f(x)
	v.changed(name)
}

// mark is a point to which rollback can return.
func (v *variables) mark() int { return len(v.journal) }

// rollback undoes what came after the mark.
func (v *variables) rollback(mark int) {
	for len(v.journal) > mark {
		u := v.journal[len(v.journal)-1]
		v.journal = v.journal[:len(v.journal)-1]
		*v.vars[u.name] = u.old
		v.changed(u.name)
	}
}

// commit keeps what was set and drops what was local.
func (v *variables) commit() {
	for _, u := range v.journal {
		if x := v.vars[u.name]; x.hasLocal {
			x.hasLocal = false
			v.changed(u.name)
		}
	}
	v.journal = v.journal[:0]
}
