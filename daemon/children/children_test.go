package children

import (
	"bytes"
	"testing"
	"time"
)

// Ensure that counts follow additions, moves and removals, and the child that has waited longest is found.
func TestTable(t *testing.T) {
	tab := New()
	now := time.Now()
	for pid := 1; pid <= 3; pid++ {
		tab.Add(&Child{PID: pid, Kind: "backend", State: Spare, Started: now.Add(-time.Duration(pid) * time.Second)})
	}
	tab.Add(&Child{PID: 9, Kind: "keeper"})
	if c := tab.Oldest("backend", Spare); c.PID != 3 {
		t.Error(c)
	}
	tab.Move(tab.Get(3), Session)
	if tab.Oldest("backend", Spare).PID != 2 || tab.Count("backend", Spare) != 2 || tab.Count("backend") != 3 || tab.Count("backend", Session, Greeting) != 1 {
		t.Error(tab.count)
	}
	tab.Get(2).Told = true
	if tab.Oldest("backend", Spare).PID != 1 {
		t.Error("a child that was told to end was chosen")
	}
	if tab.Remove(3).PID != 3 || tab.Remove(3) != nil || tab.Count("backend", Session) != 0 || tab.Len() != 3 {
		t.Error(tab.count)
	}
	if all := tab.All(); len(all) != 3 || all[0].PID != 1 || all[2].PID != 9 {
		t.Error(all)
	}
}

// Ensure that only the right key of the right backend cancels, whole or in its short form.
func TestCancel(t *testing.T) {
	tab := New()
	key := bytes.Repeat([]byte{7}, KeySize)
	key[5] = 8
	tab.Add(&Child{PID: 5, Kind: "backend", Client: Client{Secret: key}})
	tab.Add(&Child{PID: 6, Kind: "keeper"})
	for _, c := range []struct {
		pid   int32
		key   []byte
		found bool
	}{
		{5, key, true}, {5, key[:4], true}, {5, key[:5], false}, {5, nil, false}, {5, append(key[:31:31], 0), false}, {5, []byte{7, 7, 7, 8}, false},
		{6, make([]byte, 32), false}, {6, make([]byte, 4), false}, {7, make([]byte, 32), false}, {-1, key, false}, {5, append(bytes.Clone(key), 1), false},
	} {
		if got, _ := tab.Cancel(c.pid, c.key); (got != nil) != c.found {
			t.Errorf("%d %v: %v", c.pid, c.key, got)
		}
	}
}
