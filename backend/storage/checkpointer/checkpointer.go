package checkpointer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/storage"
)

// Options are the settings that matter here.
type Options struct {
	Fsync bool
	// Timeout is how long a page may stay in the log alone, checkpoint_timeout.
	Timeout time.Duration
	// MaxLog is the size in bytes beyond which a log's space is given back and long readers are named, max_wal_size.
	MaxLog         int64
	LogCheckpoints bool
}

const (
	framesPerMB = 256 // pages of 4 kB
	// A passive checkpoint follows when this much is in the log alone.
	passiveFrames = 4 * framesPerMB
	// Beyond this the writers are held up for the moment it takes to have them begin at the log's start.
	restartFrames = 16 * framesPerMB
	// How long a checkpoint queues for the write turn, and how long after a vain one the next follows.
	turnWait   = 2 * time.Second
	retryAfter = time.Second
	// A database nobody writes to is let go of after this time.
	idleAfter = time.Minute
	// A database that could not be opened is tried again after this time.
	openAgain = 30 * time.Second
	// Complaints about the same thing are this far apart.
	complainAgain = 5 * time.Minute
)

// Checkpointer looks after the databases under one directory.
type Checkpointer struct {
	base      string
	options   Options
	log       *logrus.Entry
	databases map[string]*database
	// scanned is when the directory was last read for new and dropped databases.
	scanned time.Time
}

type database struct {
	name string
	dir  string
	db   *storage.DB
	// changed is the log's time of change when it was last looked at, and when that was.
	changed, seen time.Time
	// pending is since when something is in the log alone.
	pending             time.Time
	retry, complained   time.Time
	failed, longReaders bool
}

// New makes a checkpointer; Round does its work.
func New(base string, o Options, log *logrus.Entry) *Checkpointer {
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Minute
	}
	return &Checkpointer{base: base, options: o, log: log, databases: map[string]*database{}}
}

// Round looks at every database once.
func (c *Checkpointer) Round(now time.Time) {
	if now.Sub(c.scanned) >= time.Second {
		c.scan(now)
	}
	for _, b := range c.databases {
		if now.Before(b.retry) && b.failed {
			continue
		}
		if err := c.look(b, now); err != nil {
			c.trouble(b, now, err)
		}
	}
}

// scan finds databases that were made or dropped. Only directories named by an OID count.
func (c *Checkpointer) scan(now time.Time) {
	c.scanned = now
	entries, err := os.ReadDir(c.base)
	if err != nil {
		return
	}
	found := map[string]bool{}
	for _, e := range entries {
		if _, err := strconv.ParseUint(e.Name(), 10, 32); err != nil || !e.Type().IsDir() {
			continue
		}
		found[e.Name()] = true
		if c.databases[e.Name()] == nil {
			c.databases[e.Name()] = &database{name: e.Name(), dir: filepath.Join(c.base, e.Name())}
		}
	}
	for name, b := range c.databases {
		if !found[name] {
			b.close()
			delete(c.databases, name)
		}
	}
}

func (b *database) close() {
	if b.db != nil {
		b.db.Close()
		b.db = nil
	}
}

// look does what one database needs now.
func (c *Checkpointer) look(b *database, now time.Time) error {
	st, err := os.Lstat(filepath.Join(b.dir, "main.db-wal"))
	if errors.Is(err, fs.ErrNotExist) {
		// It is being made, or dropped.
		return nil
	}
	if err != nil {
		return err
	}
	if !st.ModTime().Equal(b.changed) {
		b.changed, b.seen = st.ModTime(), now
	} else if b.pending.IsZero() && b.db != nil && now.Sub(b.seen) > idleAfter {
		b.close()
	}
	if b.db == nil && (b.seen != now || st.Size() == 0) && !b.failed {
		return nil
	}
	if b.db == nil {
		if b.failed && !storage.Recoverable(b.dir) {
			b.retry = now.Add(retryAfter)
			return nil
		}
		if b.db, err = storage.Open(storage.Config{Dir: b.dir, Fsync: c.options.Fsync, CacheKB: 256}); err != nil {
			return err
		}
		b.failed, b.pending = false, now
	}
	s, err := b.db.LogState()
	if err != nil {
		return err
	}
	if s.Broken {
		b.close()
		return errBroken
	}
	if !s.Synced {
		if err := b.db.SyncCommits(); err != nil {
			return err
		}
	}
	return c.bound(b, s, now)
}

var errBroken = errors.New("the write-ahead log could not be synced; it is recovered when all sessions have ended")

// bound keeps the log short.
func (c *Checkpointer) bound(b *database, s storage.LogState, now time.Time) error {
	alone := s.Frames - s.Moved
	if alone <= 0 {
		b.pending = time.Time{}
	} else if b.pending.IsZero() {
		b.pending = now
	}
	due := alone > 0 && now.Sub(b.pending) >= c.options.Timeout
	if alone < passiveFrames && !due && s.Frames < restartFrames || now.Before(b.retry) {
		return nil
	}
	mode := storage.CheckpointPassive
	if s.Frames >= restartFrames {
		mode = storage.CheckpointRestart
	}
	if c.options.MaxLog > 0 && s.Frames*4096 >= c.options.MaxLog {
		mode = storage.CheckpointTruncate
	}
	complete, err := b.db.Checkpoint(mode, storage.TurnOptions{Timeout: turnWait})
	if err != nil {
		return err
	}
	if c.options.LogCheckpoints {
		c.log.Infof("checkpoint of database %s: %d pages, complete: %t", b.name, alone, complete)
	}
	b.pending = now
	b.retry = time.Time{}
	if complete {
		b.pending, b.longReaders = time.Time{}, false
		return nil
	}
	if mode != storage.CheckpointPassive {
		b.retry = now.Add(retryAfter)
		if !b.longReaders || now.Sub(b.complained) >= complainAgain {
			b.longReaders, b.complained = true, now
			c.log.Warnf("write-ahead log of database %s has %d MB and cannot be reused: a transaction is still reading an old snapshot",
				b.name, s.Frames/framesPerMB)
		}
	}
	return nil
}

// trouble logs what went wrong with a database, not more often than is of use, and lets go of it for a while.
func (c *Checkpointer) trouble(b *database, now time.Time, err error) {
	if isTurnTimeout(err) {
		b.retry = now.Add(retryAfter)
		return
	}
	if !b.failed || now.Sub(b.complained) >= complainAgain {
		b.complained = now
		c.log.Errorf("database %s: %v", b.name, err)
	}
	b.close()
	b.failed = true
	b.retry = now.Add(openAgain)
	if errors.Is(err, errBroken) {
		b.retry = now.Add(retryAfter)
	}
}

// Finish moves every log into its file, as far as readers let it, and lets go of the databases.
func (c *Checkpointer) Finish() {
	c.scan(time.Now())
	for _, b := range c.databases {
		if err := c.finish(b); err != nil {
			c.log.Errorf("database %s: %v", b.name, err)
		}
		b.close()
	}
}

func (c *Checkpointer) finish(b *database) error {
	if b.db == nil {
		st, err := os.Lstat(filepath.Join(b.dir, "main.db-wal"))
		if err != nil || st.Size() == 0 {
			return nil
		}
		if b.db, err = storage.Open(storage.Config{Dir: b.dir, Fsync: c.options.Fsync, CacheKB: 256}); err != nil {
			return err
		}
	}
	mode := storage.CheckpointPassive
	if !b.db.InUse() {
		mode = storage.CheckpointTruncate
	}
	_, err := b.db.Checkpoint(mode, storage.TurnOptions{Timeout: turnWait})
	return err
}
