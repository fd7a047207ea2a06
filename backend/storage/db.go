package storage

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/ncruces/go-sqlite3"
	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Config is what Open needs to know.
type Config struct {
	// Dir is the database's directory, base/OID.
	Dir string
	// SharedCatalog is the file of the shared relations, attached read-only as schema "shared" when a statement first
	// names it; "" for none.
	SharedCatalog string
	// Resolve finds a function or set-returning function by the name a statement uses; nargs is -1 where SQLite does not say.
	Resolve func(name string, nargs int) (*Function, bool)
	// Interrupted is asked while a statement runs and while a lock is waited for: the error of a pending cancel, timeout or
	// termination, or nil. It may be called from another goroutine, while the one that called storage is blocked.
	Interrupted func() error
	// CacheKB bounds SQLite's page cache, 0 for 8 MB.
	CacheKB int
	// DeadlockTimeout is how long to wait for a lock before looking for a deadlock, 0 for a second.
	DeadlockTimeout time.Duration
	// Fsync off skips every sync, as the setting of that name.
	Fsync bool
}

// The oldest SQLite whose shared write-ahead log cannot be corrupted by a checkpoint that races a reset, as a number:
// 3.51.3.
const oldestSQLite = 3051003

const (
	pageSize = 4096
	// Address space one connection's SQLite may use; it is reserved, not committed.
	maxMemory = 1 << 30
	// How long SQLite itself retries a lock. Writers queue for the turn before they come here, so this is only met while another
	// process opens, recovers or closes the file.
	busyTimeoutMS = 5000
)

// DB is one process's connection to a database. It is not safe for concurrent use.
type DB struct {
	cfg   Config
	conn  *sqlite3.Conn
	intr  interrupt
	stmts map[string]*Stmt
	// args is a stack of arguments of functions that are being called, one inside the other.
	args    []types.Value
	funcErr error
	// callbacks counts the Go functions SQLite is calling, one inside the other.
	callbacks int
	resolved  map[string]bool
	attached  bool
	broken    bool

	// Statements of the storage's own, made once.
	pin, begin, commit, rollback *sqlite3.Stmt
	fixed                        map[string]*sqlite3.Stmt

	txn       transaction
	shared    *shared
	wal       *os.File
	turn      turn
	sequences *Sequences
	locks     *AdvisoryLocks
}

// Create makes main.db in an existing, empty directory and opens it for the bootstrap to fill.
func Create(dir string) (*DB, error) {
	f, err := openFile(filepath.Join(dir, mainFile), unix.O_CREAT|unix.O_EXCL)
	if err != nil {
		return nil, fileError(err)
	}
	f.Close()
	conn, err := connect(filepath.Join(dir, mainFile))
	if err != nil {
		return nil, err
	}
	err = conn.Exec(`PRAGMA page_size=` + strconv.Itoa(pageSize) + `; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;`)
	if e := conn.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, sqliteError(err)
	}
	for _, name := range []string{walFile, shmFile} {
		if err := os.Chmod(filepath.Join(dir, name), fileMode); err != nil && !os.IsNotExist(err) {
			return nil, fileError(err)
		}
	}
	return Open(Config{Dir: dir, Fsync: true})
}

func connect(path string) (*sqlite3.Conn, error) {
	registerSpace()
	u := url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw&vfs=" + spaceName}
	conn, err := sqlite3.OpenContext(sqlite3.WithMaxMemory(context.Background(), maxMemory), u.String())
	if err != nil {
		return nil, sqliteError(err)
	}
	// The log outlives its last user and is only moved into the file by the checkpointer.
	if _, err = conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err == nil {
		_, err = conn.FileControl("main", sqlite3.FCNTL_PERSIST_WAL, true)
	}
	if err != nil {
		conn.Close()
		return nil, sqliteError(err)
	}
	return conn, nil
}

// Open opens an existing database. What it finds in the directory is checked first.
func Open(cfg Config) (*DB, error) {
	f, err := openFile(filepath.Join(cfg.Dir, mainFile), 0)
	if err != nil {
		return nil, fileError(err)
	}
	f.Close()
	if err := ensureFiles(cfg.Dir); err != nil {
		return nil, fileError(err)
	}
	// One process serves one database, so the process-wide place for SQLite's temporary files is this one's.
	os.Setenv("SQLITE_TMPDIR", filepath.Join(cfg.Dir, tempDir))
	d := &DB{cfg: cfg, stmts: map[string]*Stmt{}, resolved: map[string]bool{}, fixed: map[string]*sqlite3.Stmt{}}
	d.intr.d = d
	if err := d.open(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) open() (err error) {
	if d.shared, err = openShared(d.cfg.Dir); err != nil {
		return fileError(err)
	}
	d.shared.deadlockTimeout = time.Second
	if d.cfg.DeadlockTimeout > 0 {
		d.shared.deadlockTimeout = d.cfg.DeadlockTimeout
	}
	if d.conn, err = connect(filepath.Join(d.cfg.Dir, mainFile)); err != nil {
		return err
	}
	if err := d.configure(); err != nil {
		return err
	}
	if err := d.prepareTransactions(); err != nil {
		return err
	}
	if d.sequences, err = openSequences(d); err != nil {
		return fileError(err)
	}
	d.locks = &AdvisoryLocks{d: d}
	if err := d.recoverLog(); err != nil {
		return err
	}
	if err := d.shared.start(); err != nil {
		return fileError(err)
	}
	if err := d.checkSync(); err != nil {
		return err
	}
	d.conn.SetInterrupt(&d.intr)
	return nil
}

func (d *DB) configure() error {
	for _, c := range []struct {
		op sqlite3.DBConfig
		on bool
	}{
		{sqlite3.DBCONFIG_DEFENSIVE, true},
		{sqlite3.DBCONFIG_DQS_DML, false},
		{sqlite3.DBCONFIG_DQS_DDL, false},
		{sqlite3.DBCONFIG_TRUSTED_SCHEMA, false},
		{sqlite3.DBCONFIG_ENABLE_FKEY, true},
	} {
		if _, err := d.conn.Config(c.op, c.on); err != nil {
			return sqliteError(err)
		}
	}
	cache := d.cfg.CacheKB
	if cache == 0 {
		cache = 8 << 10
	}
	sync := "NORMAL"
	if !d.cfg.Fsync {
		sync = "OFF"
	}
	err := d.conn.Exec(`PRAGMA busy_timeout=` + strconv.Itoa(busyTimeoutMS) +
		`; PRAGMA synchronous=` + sync + `; PRAGMA wal_autocheckpoint=0; PRAGMA recursive_triggers=OFF` +
		`; PRAGMA cell_size_check=ON; PRAGMA cache_size=-` + strconv.Itoa(cache))
	if err != nil {
		return sqliteError(err)
	}
	return d.checkOpened()
}

// checkOpened asserts what everything else relies on: a recent SQLite and a file in WAL mode.
func (d *DB) checkOpened() error {
	var version, mode string
	s, _, err := d.conn.Prepare(`SELECT sqlite_version(), journal_mode FROM pragma_journal_mode`)
	if err != nil {
		return sqliteError(err)
	}
	defer s.Close()
	if s.Step() {
		version, mode = s.ColumnText(0), s.ColumnText(1)
	}
	if err := s.Err(); err != nil {
		return sqliteError(err)
	}
	if versionNumber(version) < oldestSQLite {
		return pgerr.Fatal(pgerr.InternalError, "SQLite %s is too old: a log shared by processes needs 3.51.3 or later", version)
	}
	if mode != "wal" {
		return pgerr.Fatal(pgerr.DataCorrupted, "database file in %q is not in WAL mode but in mode %q", d.cfg.Dir, mode)
	}
	return d.registerCollations()
}

func versionNumber(v string) int {
	n, part := 0, 0
	for _, c := range v {
		if c == '.' {
			n, part = n*1000+part, 0
			continue
		}
		part = part*10 + int(c-'0')
	}
	return n*1000 + part
}

func (d *DB) registerCollations() error {
	names := make([]string, 0, len(types.Collations))
	for name := range types.Collations {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := d.conn.CreateCollation(name, types.Collations[name]); err != nil {
			return sqliteError(err)
		}
	}
	return nil
}

// fixedStatement is prepareFixed for texts there are several of.
func (d *DB) fixedStatement(sql string) (*sqlite3.Stmt, error) {
	if s := d.fixed[sql]; s != nil {
		return s, nil
	}
	s, err := d.prepareFixed(sql)
	if err == nil {
		d.fixed[sql] = s
	}
	return s, err
}

func (d *DB) prepareFixed(sql string) (*sqlite3.Stmt, error) {
	s, _, err := d.conn.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, sqliteError(err)
	}
	return s, nil
}

// Close lets go of everything; an open transaction is rolled back. A lock or turn still held ends with it.
func (d *DB) Close() error {
	if d.conn != nil && d.txn.state != txnNone {
		d.Rollback()
	}
	err := d.closeConn()
	d.turn.close()
	if d.locks != nil {
		d.locks.close()
	}
	if d.sequences != nil {
		d.sequences.close()
	}
	if d.wal != nil {
		d.wal.Close()
	}
	if d.shared != nil {
		d.shared.close()
	}
	return err
}

func (d *DB) closeConn() error {
	if d.conn == nil {
		return nil
	}
	for s := range slices.Values(slices.Collect(d.conn.Stmts())) {
		s.Close()
	}
	err := d.conn.Close()
	d.conn, d.broken = nil, true
	return sqliteError(err)
}
