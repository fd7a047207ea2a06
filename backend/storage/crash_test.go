package storage

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"pgd/backend/types"
)

func init() {
	// bank: for ever moves money between two accounts and writes the move into the ledger, and says each number it was
	// told is committed. Every few moves it reads a sum in between, uses a savepoint, or rolls back.
	jobs["bank"] = func(d *DB, in *bufio.Reader, say func(string)) {
		line, _ := in.ReadString('\n')
		who := strings.TrimSpace(line)
		for n := 1; ; n++ {
			if err := move(d, who, n); err != nil {
				say("error " + err.Error())
				return
			}
			if n%5 != 0 {
				say(fmt.Sprint("ack ", n))
			}
		}
	}
}

func move(d *DB, who string, n int) error {
	if err := d.Begin(ReadCommitted, false); err != nil {
		return err
	}
	if _, err := d.StartWrite(TurnOptions{}); err != nil {
		return err
	}
	from, to := types.IntValue(rand.Int64N(10)), types.IntValue(rand.Int64N(10))
	if _, err := d.Sequences().Next(100); err != nil {
		return err
	}
	err := d.Exec(`INSERT INTO ledger(who, n) VALUES (?1, ?2)`, types.StringValue(who), types.IntValue(int64(n)))
	if err == nil {
		err = d.Exec(`UPDATE accounts SET n = n - 1 WHERE id = ?1`, from)
	}
	if err == nil && n%3 == 0 {
		err = d.Savepoint("s")
		if err == nil {
			err = d.Exec(`UPDATE accounts SET n = n + 1000`)
		}
		if err == nil {
			err = d.RollbackTo("s")
		}
	}
	if err == nil {
		err = d.Exec(`UPDATE accounts SET n = n + 1 WHERE id = ?1`, to)
	}
	if err != nil {
		return err
	}
	if n%5 == 0 {
		return d.Rollback()
	}
	return d.Commit(CommitOptions{Async: n%7 == 0})
}

// Ensure that after SIGKILL of busy processes every acknowledged row is there, none is half there, and nobody is left waiting.
func TestKilledWriters(t *testing.T) {
	d := newDB(t, nil)
	write(t, d, `CREATE TABLE accounts(id INTEGER PRIMARY KEY, n INTEGER)`, `CREATE TABLE ledger(who TEXT, n INTEGER)`,
		`CREATE UNIQUE INDEX ledger_key ON ledger(who, n)`,
		`INSERT INTO accounts VALUES (0,0),(1,0),(2,0),(3,0),(4,0),(5,0),(6,0),(7,0),(8,0),(9,0)`)
	createSequence(t, d, 100, SequenceOptions{Start: 1, Increment: 1, Min: 1, Max: 1 << 40, Cache: 1})
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		var wait sync.WaitGroup
		acks := make([]int, 4)
		cs := make([]*child, len(acks))
		for i := range cs {
			cs[i] = startChild(t, "bank", d.cfg.Dir)
			cs[i].tell(fmt.Sprint(round, "-", i))
			wait.Go(func() {
				for cs[i].out.Scan() {
					if _, err := fmt.Sscanf(cs[i].out.Text(), "ack %d", &acks[i]); err != nil {
						t.Errorf("child: %s", cs[i].out.Text())
					}
				}
			})
		}
		time.Sleep(time.Duration(100+rand.IntN(150)) * time.Millisecond)
		for _, i := range rand.Perm(len(cs)) {
			cs[i].cmd.Process.Kill()
			time.Sleep(time.Duration(rand.IntN(10)) * time.Millisecond)
		}
		wait.Wait()
		if got := rows(t, d, `SELECT sum(n) FROM accounts`); got != "0;" {
			t.Errorf("money made or lost: %s", got)
		}
		for i, n := range acks {
			who := types.StringValue(fmt.Sprint(round, "-", i))
			got := rows(t, d, `SELECT count(*) FROM ledger WHERE who = ?1 AND n <= ?2`, who, types.IntValue(int64(n)))
			if want := fmt.Sprint(n-n/5) + ";"; got != want || n == 0 {
				t.Errorf("%d acknowledged: got %s rows, want %s", n, got, want)
			}
		}
		must(t, d.Begin(ReadCommitted, false))
		_, err := d.StartWrite(TurnOptions{Timeout: 5 * time.Second})
		must(t, err)
		must(t, d.Rollback())
	}
}
