package functions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/types"
)

// Ensure that aggregates give PostgreSQL's results for the groups of testdata/aggregates.tsv: signature, actual types, rows as JSON, answer.
func TestAggregatesAsPostgreSQL(t *testing.T) {
	const file = "testdata/aggregates.tsv"
	calls := readCalls(t, file)
	if *update {
		askAggregates(t, calls)
		writeCalls(t, file, calls)
	}
	for _, c := range calls {
		r := Find(c.sig)
		if r == nil || r.Aggregate == nil {
			t.Errorf("no aggregate %s", c.sig)
			continue
		}
		if got := aggregate(t, r, c); got != c.result {
			t.Errorf("%s %s %s\n got  %s\n want %s", c.sig, c.types, c.args, got, c.result)
		}
	}
}

func (c call) rows() [][]*string {
	var rows [][]*string
	if err := json.Unmarshal([]byte(c.args), &rows); err != nil {
		panic(fmt.Sprintf("%v: %s", err, c.args))
	}
	return rows
}

func aggregate(t *testing.T, r *Row, c call) string {
	fc := testCall()
	fmt.Sscanf(c.result, "%d", &fc.Result)
	for _, name := range c.argTypes() {
		fc.Args = append(fc.Args, typeNamed(name).OID)
	}
	state := r.Aggregate(fc)
	for _, row := range c.rows() {
		var a []types.Value
		for i, s := range row {
			if s == nil {
				a = append(a, types.NullValue)
				continue
			}
			v, err := types.ByOID(fc.Args[i]).Input(fc.Context, *s, -1)
			if err != nil {
				t.Fatal(err)
			}
			a = append(a, v)
		}
		if err := state.Step(a); err != nil {
			return fail(err)
		}
	}
	v, err := state.Value()
	if err != nil {
		return fail(err)
	}
	if v.IsNull() {
		return "NULL"
	}
	return fmt.Sprintf("%d %s", fc.Result, quote(string(types.ByOID(fc.Result).Output(fc.Context, nil, v))))
}

// orderedSet tells the aggregates whose last argument stands in WITHIN GROUP.
func orderedSet(sig string) bool {
	return strings.HasPrefix(sig, "percentile_") || strings.HasPrefix(sig, "mode(")
}

func askAggregates(t *testing.T, calls []call) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, testSettings).ReadAll(); err != nil {
		t.Fatal(err)
	}
	for i := range calls {
		c := &calls[i]
		types := c.argTypes()
		var values, cols []string
		var params [][]byte
		for n, row := range c.rows() {
			cells := []string{fmt.Sprint(n)}
			for j, s := range row {
				params = append(params, nil)
				if s != nil {
					params[len(params)-1] = []byte(*s)
				}
				cells = append(cells, fmt.Sprintf("$%d::%s", len(params), types[j]))
			}
			values = append(values, "("+strings.Join(cells, ",")+")")
		}
		for j := range types {
			cols = append(cols, fmt.Sprintf("c%d", j))
		}
		name := c.sig[:strings.Index(c.sig, "(")]
		order := "(select * from (values " + strings.Join(values, ",") + ") v(n" + strings.Join(append([]string{""}, cols...), ",") + ") order by n) v"
		sql := "select " + name + "(" + strings.Join(cols, ",") + " order by n) from " + order
		if orderedSet(c.sig) {
			direct := strings.Join(cols[:len(cols)-1], ",")
			if direct != "" {
				direct = fmt.Sprintf("$1::%s", types[0])
			}
			sql = "select " + name + "(" + direct + ") within group (order by " + cols[len(cols)-1] + ") from " + order
		}
		r := conn.ExecParams(ctx, sql, params, nil, nil, nil).Read()
		var pe *pgconn.PgError
		switch {
		case errors.As(r.Err, &pe):
			c.result = "!" + pe.Code + " " + pe.Message
			if pe.Detail != "" {
				c.result += " DETAIL " + pe.Detail
			}
		case r.Err != nil:
			t.Fatal(sql, r.Err)
		case r.Rows[0][0] == nil:
			c.result = "NULL"
		default:
			c.result = fmt.Sprintf("%d %s", r.FieldDescriptions[0].DataTypeOID, quote(string(r.Rows[0][0])))
		}
	}
}
