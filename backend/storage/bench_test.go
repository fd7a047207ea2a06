package storage

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgd/backend/types"
)

func benchDB(b *testing.B) *DB {
	d := newDB(b, nil)
	write(b, d, `CREATE TABLE accounts(aid INTEGER PRIMARY KEY, bid INTEGER, abalance INTEGER, filler TEXT)`,
		`WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r WHERE x < 100000)
		 INSERT INTO accounts SELECT x, 1, 0, printf('%84s', '') FROM r`)
	return d
}

// A statement of its own transaction, as a session runs it: snapshot, bind, step, read, end.
func BenchmarkPointSelect(b *testing.B) {
	d := benchDB(b)
	s, err := d.Prepare(`SELECT abalance FROM accounts WHERE aid = ?1`)
	must(b, err)
	defer s.Close()
	b.ReportAllocs()
	i := int64(0)
	for b.Loop() {
		i = i*7919%100000 + 1
		d.Begin(ReadCommitted, false)
		if _, err := d.StartRead(); err != nil {
			b.Fatal(err)
		}
		s.Bind(1, types.IntValue(i))
		ok, err := s.Step()
		if !ok || err != nil {
			b.Fatal(ok, err)
		}
		s.Value(0)
		s.Step()
		d.EndRead()
		d.Commit(CommitOptions{})
		d.WaitDurable()
	}
}

func benchUpdate(b *testing.B, async bool) {
	d := benchDB(b)
	s, err := d.Prepare(`UPDATE accounts SET abalance = abalance + ?2 WHERE aid = ?1`)
	must(b, err)
	defer s.Close()
	b.ReportAllocs()
	i, n := int64(0), 0
	for b.Loop() {
		i = i*7919%100000 + 1
		d.Begin(ReadCommitted, false)
		if _, err := d.StartWrite(TurnOptions{}); err != nil {
			b.Fatal(err)
		}
		s.Bind(1, types.IntValue(i))
		s.Bind(2, types.IntValue(5))
		if _, err := s.Step(); err != nil {
			b.Fatal(err)
		}
		if err := d.Commit(CommitOptions{Async: async}); err != nil {
			b.Fatal(err)
		}
		if n++; n%1000 == 0 {
			d.Checkpoint(CheckpointPassive, TurnOptions{})
		}
	}
}

// One row changed and on disk.
func BenchmarkDurableUpdate(b *testing.B) { benchUpdate(b, false) }

// The same without waiting for the disk: what the processor does.
func BenchmarkAsyncUpdate(b *testing.B) { benchUpdate(b, true) }

// A call of a Go function for each row.
func BenchmarkFunctionCall(b *testing.B) {
	d := newDB(b, testFunctions)
	s, err := d.Prepare(`WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r WHERE x < 1000) SELECT max(upper_2(x||'abc')) FROM r`)
	must(b, err)
	defer s.Close()
	b.ReportAllocs()
	for b.Loop() {
		s.Step()
		s.Step()
	}
}

// What a new backend does before its first statement.
func BenchmarkOpen(b *testing.B) {
	d := newDB(b, nil)
	for i := range 60 {
		write(b, d, fmt.Sprintf(`CREATE TABLE "pg_catalog.t%d"(oid INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER, d INTEGER)`, i),
			fmt.Sprintf(`CREATE UNIQUE INDEX "pg_catalog.i%d" ON "pg_catalog.t%d"(a, b)`, i, i))
	}
	for b.Loop() {
		e, err := Open(Config{Dir: d.cfg.Dir, Fsync: true})
		must(b, err)
		query(e, `SELECT 1 FROM "pg_catalog.t1"`)
		e.Close()
	}
}

func init() {
	// updates: does as many durable updates as it is told.
	jobs["updates"] = func(d *DB, in *bufio.Reader, say func(string)) {
		s, err := d.Prepare(`UPDATE accounts SET abalance = abalance + ?2 WHERE aid = ?1`)
		if err != nil {
			say(err.Error())
			return
		}
		say("ready")
		var n int
		fmt.Fscan(in, &n)
		for range n {
			d.Begin(ReadCommitted, false)
			if _, err := d.StartWrite(TurnOptions{}); err != nil {
				say(err.Error())
			}
			s.Bind(1, types.IntValue(rand.Int64N(100000)+1))
			s.Bind(2, types.IntValue(5))
			if _, err := s.Step(); err != nil {
				say(err.Error())
			}
			if err := d.Commit(CommitOptions{}); err != nil {
				say(err.Error())
			}
		}
		s.Close()
		say("done")
	}
}

// Eight processes at once, each waiting for the disk.
func BenchmarkEightWriters(b *testing.B) {
	d := benchDB(b)
	const writers = 8
	var cs []*child
	for range writers {
		c := startChild(b, "updates", d.cfg.Dir)
		c.hear("ready")
		cs = append(cs, c)
	}
	b.ResetTimer()
	for _, c := range cs {
		c.tell(fmt.Sprint(b.N/writers + 1))
	}
	for _, c := range cs {
		c.hear("done")
	}
}
