package site

import (
	"errors"
	"os"
	"testing"
	"time"
)

// Ensure that the lock is exclusive even within one process, seen without being taken, and that its file stays.
func TestLock(t *testing.T) {
	d := Dir(t.TempDir())
	if held, err := d.Locked(); held || err != nil {
		t.Fatal(held, err)
	}
	l, err := d.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Lock(); !errors.Is(err, ErrLocked) {
		t.Error(err)
	}
	if held, err := d.Locked(); !held || err != nil {
		t.Error(held, err)
	}
	if f, err := os.Open(d.Path(LockFile)); err == nil {
		f.Close() // a POSIX lock would be lost here
	}
	if held, _ := d.Locked(); !held {
		t.Error("lost")
	}
	l.Close()
	if held, err := d.Locked(); held || err != nil {
		t.Error(held, err)
	}
	if _, err := os.Stat(d.Path(LockFile)); err != nil {
		t.Error(err)
	}
	os.Remove(d.Path(LockFile))
	if err := os.Symlink("/etc/passwd", d.Path(LockFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Lock(); err == nil {
		t.Error("followed a symbolic link")
	}
}

// Ensure that a pid file is read as it was written.
func TestPIDFile(t *testing.T) {
	d := Dir(t.TempDir())
	want := PID{PID: 12, Dir: "/s", Started: time.Unix(1700000000, 0), Port: 5432, SocketDir: "/run/pgd", State: StateReady}
	for range 2 {
		if err := d.WritePID(want); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := d.ReadPID(); err != nil || got != want {
		t.Error(got, err)
	}
	if err := d.RemovePID(); err != nil {
		t.Error(err)
	}
	if _, err := d.ReadPID(); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// Ensure that no content of a pid file makes its reader fail other than with an error.
func FuzzParsePID(f *testing.F) {
	f.Add(PID{PID: 1, Port: 5432, Started: time.Unix(1, 0)}.String())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePID(text)
		if err == nil && (p.PID <= 0 || p.Port < 0) {
			t.Fatal(p)
		}
	})
}
