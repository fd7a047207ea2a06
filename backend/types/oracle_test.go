package types

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/pgerr"
)

var update = flag.Bool("update", false, "ask the PostgreSQL server PGD_ORACLE (a connection string) and record its answers")

// answer is what PostgreSQL says to one input.
type answer struct {
	text, binary          string
	code, message, detail string
}

func (a answer) fields() []string {
	if a.code != "" {
		return []string{"!" + a.code, strconv.Quote(a.message), strconv.Quote(a.detail)}
	}
	return []string{strconv.Quote(a.text), a.binary}
}

// testContext is the session the answers were recorded in.
func testContext() *Context {
	loc, _ := LoadZone("America/New_York")
	return &Context{DateStyle: DateStyle{"ISO", "MDY"}, IntervalStyle: "postgres", TimeZone: loc, TimeZoneName: "America/New_York", ExtraFloatDigits: 1}
}

const testSettings = `set timezone='America/New_York'; set datestyle='ISO, MDY'; set extra_float_digits=1; set intervalstyle='postgres'`

// Ensure that every type reads and prints what PostgreSQL does, with its errors, for the inputs of testdata/*.tsv. A new input is a line
// with only the first column, then -update.
func TestInputOutputAsPostgreSQL(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.tsv")
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".tsv")
		t.Run(name, func(t *testing.T) { checkType(t, f, name) })
	}
}

func checkType(t *testing.T, file, name string) {
	typ := typeByName(name)
	if typ == nil {
		t.Fatalf("no type %s", name)
	}
	inputs, recorded := readRecorded(t, file)
	if *update {
		recorded = ask(t, typ, inputs)
		writeRecorded(t, file, inputs, recorded)
	}
	bad := 0
	for i, in := range inputs {
		got := try(typ, in)
		want := recorded[i]
		if got != want {
			t.Errorf("%s %q:\n got  %v\n want %v", name, in, got.fields(), want.fields())
			if bad++; bad > 60 {
				t.Fatal("and more")
			}
		}
	}
}

func typeByName(name string) *Type {
	for _, t := range builtin {
		if t.Name == name {
			return t
		}
	}
	for oid := range arrayElem {
		if t := ByOID(oid); t.Name == name {
			return t
		}
	}
	return nil
}

// try reads the input and prints it both ways; what Send writes must be read back by Receive.
func try(typ *Type, in string) answer {
	c := testContext()
	v, err := typ.Input(c, in, -1)
	if err != nil {
		e := pgerr.From(err)
		return answer{code: e.Code, message: e.Message, detail: e.Detail}
	}
	a := answer{text: string(typ.Output(c, nil, v))}
	b := typ.Send(c, nil, v)
	a.binary = hex.EncodeToString(b)
	back, err := typ.Receive(c, b, -1)
	if err != nil {
		a.text += " but Receive of it: " + err.Error()
	} else if again := string(typ.Output(c, nil, back)); again != a.text {
		a.text += " but received as " + again
	}
	return a
}

func readRecorded(t *testing.T, file string) (inputs []string, answers []answer) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		cols := strings.Split(sc.Text(), "\t")
		in, err := strconv.Unquote(cols[0])
		if err != nil {
			t.Fatalf("%s: %v: %s", file, err, sc.Text())
		}
		var a answer
		switch {
		case len(cols) >= 4 && strings.HasPrefix(cols[1], "!"):
			a.code = cols[1][1:]
			a.message, _ = strconv.Unquote(cols[2])
			a.detail, _ = strconv.Unquote(cols[3])
		case len(cols) >= 3:
			a.text, _ = strconv.Unquote(cols[1])
			a.binary = cols[2]
		}
		inputs, answers = append(inputs, in), append(answers, a)
	}
	return inputs, answers
}

func writeRecorded(t *testing.T, file string, inputs []string, answers []answer) {
	var b strings.Builder
	for i, in := range inputs {
		fmt.Fprintln(&b, strings.Join(append([]string{strconv.Quote(in)}, answers[i].fields()...), "\t"))
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ask lets PostgreSQL read each input as a parameter of the type and print it in text and in binary.
func ask(t *testing.T, typ *Type, inputs []string) []answer {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, testSettings).ReadAll(); err != nil {
		t.Fatal(err)
	}
	answers := make([]answer, len(inputs))
	for i, in := range inputs {
		var got [2]string
		for format := int16(0); format < 2; format++ {
			r := conn.ExecParams(ctx, "select $1", [][]byte{[]byte(in)}, []uint32{typ.OID}, []int16{0}, []int16{format}).Read()
			var pe *pgconn.PgError
			if errors.As(r.Err, &pe) {
				answers[i] = answer{code: pe.Code, message: pe.Message, detail: pe.Detail}
				break
			}
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			got[format] = string(r.Rows[0][0])
		}
		if answers[i].code == "" {
			answers[i] = answer{text: got[0], binary: hex.EncodeToString([]byte(got[1]))}
		}
	}
	return answers
}
