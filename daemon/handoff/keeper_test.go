package handoff

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// bodies are the structs of requests and answers, for tests that go through all of them.
var bodies = []any{TLSConfig{}, TLSSign{}, TLSSignature{}, Startup{}, StartupAnswer{}, AuthData{}, AuthStep{}, Identity{}, RoleCreate{}, RoleAlter{},
	RoleDrop{}, Rename{}, GrantRole{}, StoredSetting{}, DatabaseCreate{}, DatabaseDrop{}, DatabaseAlter{}, OID{}, Comment{}, Privileges{}, Depend{},
	SystemSet{}, Sessions{}, SessionsFrom{}, Signal{}, SignalDone{}, Activity{}, HBARules{}, SetSession{}, Savepoint{}, End{}}

// Ensure that no bytes on the keeper's channel break the decoders, and that what they take is taken the same again.
func FuzzKeeperMessages(f *testing.F) {
	f.Add([]byte(`{"Kind":"startup","Body":{"User":"u","Database":"d","TLS":{"ClientChain":["AAAA"]}}}`))
	f.Add([]byte(`{"Failure":{"Code":"28P01","Message":"x"},"Notices":[{}],"Body":null}`))
	f.Add([]byte(`{"Kind":"role-create","As":10,"Body":{"Name":"x","ValidUntil":9223372036854775807,"Superuser":true}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := DecodeAsk(b); err == nil {
			again, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if two, err := DecodeAsk(again); err != nil || two.Kind != a.Kind && !strings.Contains(a.Kind, "\ufffd") || two.As != a.As {
				t.Fatalf("%q became %q: %v", b, again, err)
			}
			for _, x := range bodies {
				into := reflect.New(reflect.TypeOf(x)).Interface()
				if err := Decode(a.Body, into); err != nil && !errors.Is(err, ErrMessage) {
					t.Fatal(err)
				}
			}
		} else if !errors.Is(err, ErrMessage) {
			t.Fatal(err)
		}
		if _, err := DecodeAnswer(b); err != nil && !errors.Is(err, ErrMessage) {
			t.Fatal(err)
		}
	})
}

// Ensure that the channel takes short texts alone: no descriptors, no memory files, nothing too long.
func TestShortMessages(t *testing.T) {
	a, other, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := Take(other)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := a.SendShort(Ask{Kind: "startup", Body: json.RawMessage(`{}`)}); err != nil {
		t.Fatal(err)
	}
	if q, err := b.RecvAsk(); err != nil || q.Kind != "startup" {
		t.Fatalf("%+v, %v", q, err)
	}
	long := Ask{Kind: "x", Body: json.RawMessage(`"` + strings.Repeat("x", MaxMessage) + `"`)}
	if err := a.SendShort(long); !errors.Is(err, ErrMessage) {
		t.Errorf("sent too long: %v", err)
	}
	if err := a.Send(long); err != nil { // in a memory file
		t.Fatal(err)
	}
	if _, err := b.RecvAsk(); !errors.Is(err, ErrDescriptors) {
		t.Errorf("took a memory file: %v", err)
	}
	for _, raw := range []string{"J", "X{}", `J{"Kind":""}`, "Jnull", `J{"Kind":1}`} {
		if _, err := a.c.Write([]byte(raw)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.RecvAsk(); !errors.Is(err, ErrMessage) {
			t.Errorf("took %q: %v", raw, err)
		}
	}
}
