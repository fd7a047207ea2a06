package compile

import (
	"strings"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// The functions that raise the errors of constraints. They stand in the stored text of tables (CHECK) and in compiled statements; the names
// are arguments, and the row follows as pairs of type OID and value.

// maxField is how much of a value a message shows.
const maxField = 64

func text(v types.Value) string { return string(v.B) }

// rowText prints the row for "Failing row contains (…).": long values are cut, bytes at a time as PostgreSQL does but not inside a character.
func rowText(call *functions.Call, pairs []types.Value) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteString(", ")
		}
		s := valueText(call, pairs[i], pairs[i+1])
		if len(s) > maxField {
			n := maxField
			for n > 0 && s[n]&0xc0 == 0x80 {
				n--
			}
			s = s[:n] + "..."
		}
		b.WriteString(s)
	}
	return b.String()
}

func valueText(call *functions.Call, typ, v types.Value) string {
	if v.IsNull() {
		return "null"
	}
	t := call.Context.Find(uint32(typ.I))
	if t == nil || t.Output == nil {
		return "?"
	}
	return string(t.Output(call.Context, nil, v))
}

func failNotNull(call *functions.Call, _ []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		if len(a) < 3 {
			return types.NullValue, pgerr.New(pgerr.NotNullViolation, "null value violates not-null constraint")
		}
		return types.NullValue, pgerr.New(pgerr.NotNullViolation, "null value in column \"%s\" of relation \"%s\" violates not-null constraint", text(a[2]), text(a[1])).
			WithDetail("Failing row contains (%s).", rowText(call, a[3:])).WithTable(text(a[0]), text(a[1])).WithColumn(text(a[2]))
	}
}

func failCheck(call *functions.Call, _ []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		if len(a) < 3 {
			return types.NullValue, pgerr.New(pgerr.CheckViolation, "new row violates check constraint")
		}
		return types.NullValue, pgerr.New(pgerr.CheckViolation, "new row for relation \"%s\" violates check constraint \"%s\"", text(a[1]), text(a[2])).
			WithDetail("Failing row contains (%s).", rowText(call, a[3:])).WithTable(text(a[0]), text(a[1])).WithConstraint(text(a[2]))
	}
}

// failUnique has the key's text after the names: schema, table, constraint, key, pairs.
func failUnique(call *functions.Call, _ []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		if len(a) < 4 {
			return types.NullValue, pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint")
		}
		var values []string
		for i := 4; i+1 < len(a); i += 2 {
			values = append(values, valueText(call, a[i], a[i+1]))
		}
		return types.NullValue, pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", text(a[2])).
			WithDetail("Key (%s)=(%s) already exists.", text(a[3]), strings.Join(values, ", ")).
			WithTable(text(a[0]), text(a[1])).WithConstraint(text(a[2]))
	}
}

// failMatch is the error of a foreign key with MATCH FULL whose columns are partly NULL: schema, table, constraint.
func failMatch(a []types.Value) (types.Value, error) {
	if len(a) < 3 {
		return types.NullValue, pgerr.New(pgerr.ForeignKeyViolation, "insert or update violates foreign key constraint")
	}
	return types.NullValue, pgerr.New(pgerr.ForeignKeyViolation, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", text(a[1]), text(a[2])).
		WithDetail("MATCH FULL does not allow mixing of null and nonnull key values.").WithTable(text(a[0]), text(a[1])).WithConstraint(text(a[2]))
}
