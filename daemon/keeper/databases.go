package keeper

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/install/site"
)

// locales are those whose order is that of the bytes, which is all there is.
var locales = map[string]bool{"C": true, "POSIX": true, "C.UTF-8": true, "C.utf8": true, "ucs_basic": true}

// encodings are the names PostgreSQL knows; only UTF8 can be had.
var encodings = map[string]bool{}

func init() {
	for _, n := range strings.Fields(`sqlascii eucjp euccn euckr euctw eucjis2004 utf8 muleinternal latin1 latin2 latin3 latin4 latin5 latin6
		latin7 latin8 latin9 latin10 win1256 win1258 win866 win874 koi8r win1251 win1252 iso88595 iso88596 iso88597 iso88598 win1250
		win1253 win1254 win1255 win1257 koi8u sjis shiftjis big5 gbk gb18030 uhc johab shiftjis2004 unicode`) {
		encodings[n] = true
	}
}

// encodingKey folds a name as PostgreSQL does: letters and digits count.
func encodingKey(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func checkEncoding(q *handoff.DatabaseCreate) error {
	if q.Encoding != "" {
		number, err := strconv.Atoi(q.Encoding)
		switch key := encodingKey(q.Encoding); {
		case err == nil && number == encodingUTF8, key == "utf8", key == "unicode":
		case err == nil:
			return pgerr.New(pgerr.UndefinedObject, "%d is not a valid encoding code", number)
		case !encodings[key]:
			return pgerr.New(pgerr.UndefinedObject, "%s is not a valid encoding name", q.Encoding)
		default:
			return pgerr.New(pgerr.InvalidParameterValue, `encoding "%s" does not match locale "C.UTF-8"`, strings.ToUpper(q.Encoding)).
				WithDetail(`The chosen LC_CTYPE setting requires encoding "UTF8".`)
		}
	}
	for _, name := range []string{q.Locale, q.Collate, q.Ctype} {
		if name != "" && !locales[name] {
			return pgerr.New(pgerr.WrongObjectType, `invalid locale name: "%s"`, name)
		}
	}
	switch q.LocaleProvider {
	case "", "libc":
	case "icu":
		return pgerr.New(pgerr.FeatureNotSupported, "ICU is not supported in this build")
	default:
		return pgerr.New(pgerr.InvalidObjectDefinition, "unrecognized locale provider: %s", q.LocaleProvider)
	}
	switch q.Strategy {
	case "", "wal_log", "file_copy":
	default:
		return pgerr.New(pgerr.InvalidParameterValue, `invalid create database strategy "%s"`, q.Strategy).
			WithHint(`Valid strategies are "wal_log" and "file_copy".`)
	}
	switch q.Tablespace {
	case "", "pg_default":
	case "pg_global":
		return pgerr.New(pgerr.InvalidParameterValue, "pg_global cannot be used as default tablespace")
	default:
		return pgerr.New(pgerr.UndefinedObject, `tablespace "%s" does not exist`, q.Tablespace)
	}
	return nil
}

// handleDatabaseCreate copies a template. The copy is made under another name and renamed when it is whole and on disk; the
// row comes with the commit after that. What a crash leaves, the next start sweeps away.
func handleDatabaseCreate(c *channel, who actor, q *handoff.DatabaseCreate) (any, error) {
	k := c.k
	if q.Name == "" || len(q.Name) > 63 {
		return nil, pgerr.New(pgerr.InvalidName, "invalid database name")
	}
	if err := checkEncoding(q); err != nil {
		return nil, err
	}
	if err := checkLimit(q.ConnectionLimit); err != nil {
		return nil, err
	}
	owner := who.role
	if q.Owner != "" {
		var err error
		if owner, err = who.r.named(q.Owner); err != nil {
			return nil, err
		}
	}
	if !who.super && !who.createDB {
		return nil, denied("permission denied to create database")
	}
	if !who.super && !who.r.memberOf(who.oid, owner.oid, false) {
		return nil, denied(`must be member of role "%s"`, owner.name)
	}
	template := q.Template
	if template == "" {
		template = "template1"
	}
	src := who.r.dbByName[template]
	if src == nil {
		return nil, pgerr.New(pgerr.UndefinedDatabase, `template database "%s" does not exist`, template)
	}
	if !src.template && !who.may(src.owner) {
		return nil, denied(`permission denied to copy database "%s"`, template)
	}
	if who.r.dbByName[q.Name] != nil {
		return nil, pgerr.New(pgerr.DuplicateDatabase, `database "%s" already exists`, q.Name)
	}
	if n := k.emptied(src.oid, c); n > 0 {
		return nil, pgerr.New(pgerr.ObjectInUse, `source database "%s" is being accessed by other users`, template).WithDetail("%s", othersDetail(n))
	}
	if k.copyDatabase == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "CREATE DATABASE is not supported by this build")
	}
	oid := q.OID
	if oid == 0 {
		var err error
		if oid, err = k.store.nextOID(); err != nil {
			return nil, err
		}
	} else if oid < firstOID || who.r.databases[oid] != nil {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "database OID %d cannot be used", oid)
	}
	if err := k.copyTo(src.oid, oid); err != nil {
		e := pgerr.New(pgerr.IoError, `could not create database "%s": %v`, q.Name, err)
		var known *pgerr.Error
		if errors.As(err, &known) {
			e.Code, e.Message = known.Code, fmt.Sprintf(`could not create database "%s": %s`, q.Name, known.Message)
		}
		return nil, e.WithCause(err)
	}
	c.tx.done = append(c.tx.done, func(committed bool) {
		if !committed {
			k.remove(oid)
		}
	})
	limit := int32(-1)
	if q.ConnectionLimit != nil {
		limit = *q.ConnectionLimit
	}
	// Columns nobody sets here are the template's, as everything inside is.
	err := k.store.exec(`INSERT INTO "pg_catalog.pg_database" (oid, datname, datdba, encoding, datlocprovider, datistemplate, datallowconn, datconnlimit,
		datfrozenxid, datminmxid, dattablespace, datcollate, datctype, daticulocale, datcollversion)
		SELECT ?1, ?2, ?3, encoding, datlocprovider, ?4, ?5, ?6, datfrozenxid, datminmxid, dattablespace, datcollate, datctype, daticulocale, datcollversion
		FROM "pg_catalog.pg_database" WHERE oid = ?7`, oid, q.Name, owner.oid, isTrue(q.IsTemplate), q.AllowConnections == nil || *q.AllowConnections, limit, src.oid)
	return handoff.OID{OID: oid}, err
}

// A directory that is not whole yet, or not wanted any more, has a name no database has.
const unfinished = ".pgd-"

func (k *Keeper) unfinishedDir(oid uint32) string {
	return k.dir.Path(filepath.Join(site.BaseDir, unfinished+strconv.FormatUint(uint64(oid), 10)))
}

func (k *Keeper) copyTo(src, dst uint32) error {
	half := k.unfinishedDir(dst)
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := k.copyDatabase(k.dir.Database(src), half); err != nil {
		os.RemoveAll(half)
		return err
	}
	if err := os.Rename(half, k.dir.Database(dst)); err != nil {
		os.RemoveAll(half)
		return err
	}
	return syncDir(k.dir.Path(site.BaseDir))
}

// remove takes a database's directory away: first its name, so that a crash leaves no half of it.
func (k *Keeper) remove(oid uint32) {
	half := k.unfinishedDir(oid)
	if err := os.Rename(k.dir.Database(oid), half); err != nil {
		if !os.IsNotExist(err) {
			k.log.Warnf("could not remove database directory: %v", err)
		}
		return
	}
	if err := os.RemoveAll(half); err != nil {
		k.log.Warnf("could not remove database directory: %v", err)
	}
	if err := syncDir(k.dir.Path(site.BaseDir)); err != nil {
		k.log.Warnf("could not sync directory: %v", err)
	}
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Fsync(int(f.Fd()))
}

// sweep removes what a crash left in base/: copies that were not finished, databases whose row was never committed or
// whose row is gone. Names that are no number are not the keeper's and stay.
func (k *Keeper) sweep() error {
	base := k.dir.Path(site.BaseDir)
	entries, err := os.ReadDir(base)
	if err != nil {
		return err
	}
	r := k.current()
	for _, e := range entries {
		name := e.Name()
		oid, err := strconv.ParseUint(name, 10, 32)
		switch {
		case strings.HasPrefix(name, unfinished):
		case err == nil && strconv.FormatUint(oid, 10) == name && oid >= firstOID && r.databases[uint32(oid)] == nil:
		default:
			continue
		}
		k.log.Infof("removing %s: left over from a command that did not finish", filepath.Join(base, name))
		if err := os.RemoveAll(filepath.Join(base, name)); err != nil {
			return err
		}
	}
	for _, d := range r.databases {
		if _, err := os.Stat(k.dir.Database(d.oid)); err != nil {
			k.log.Errorf(`database "%s" has no directory: %v`, d.name, err)
		}
	}
	return nil
}

func (r *roster) database(name string) (*database, error) {
	if d := r.dbByName[name]; d != nil {
		return d, nil
	}
	return nil, pgerr.New(pgerr.UndefinedDatabase, `database "%s" does not exist`, name)
}

func handleDatabaseDrop(c *channel, who actor, q *handoff.DatabaseDrop) (any, error) {
	k := c.k
	d := who.r.dbByName[q.Name]
	switch {
	case d == nil && q.IfExists:
		c.notice(pgerr.Notice(pgerr.SuccessfulCompletion, `database "%s" does not exist, skipping`, q.Name))
		return nil, nil
	case d == nil:
		return nil, pgerr.New(pgerr.UndefinedDatabase, `database "%s" does not exist`, q.Name)
	case !who.may(d.owner):
		return nil, denied("must be owner of database %s", d.name)
	case d.template:
		return nil, pgerr.New(pgerr.WrongObjectType, "cannot drop a template database")
	case d.oid == c.session.database:
		return nil, pgerr.New(pgerr.ObjectInUse, "cannot drop the currently open database")
	case d.oid < firstOID && d.oid != site.PostgresOID:
		return nil, pgerr.New(pgerr.WrongObjectType, "cannot drop a template database")
	}
	// From here nobody comes in; when the command fails they may again.
	k.mu.Lock()
	k.dropping[d.oid] = true
	k.mu.Unlock()
	c.tx.done = append(c.tx.done, func(committed bool) {
		if committed {
			k.remove(d.oid)
		}
		k.mu.Lock()
		delete(k.dropping, d.oid)
		k.mu.Unlock()
	})
	if q.Force {
		for _, o := range k.others(d.oid, c) {
			if err := who.maySignal(o.session, true); err != nil {
				return nil, denied("permission denied to terminate process")
			}
		}
		for _, o := range k.others(d.oid, c) {
			k.signal(o.pid, true)
		}
	}
	if n := k.emptied(d.oid, c); n > 0 {
		return nil, pgerr.New(pgerr.ObjectInUse, `database "%s" is being accessed by other users`, d.name).WithDetail("%s", othersDetail(n))
	}
	for _, sql := range []string{
		`DELETE FROM "pg_catalog.pg_database" WHERE oid = ?1`,
		`DELETE FROM "pg_catalog.pg_db_role_setting" WHERE setdatabase = ?1`,
		`DELETE FROM "pg_catalog.pg_shdepend" WHERE dbid = ?1`,
	} {
		if err := k.store.exec(sql, d.oid); err != nil {
			return nil, err
		}
	}
	return nil, k.store.exec(`DELETE FROM "pg_catalog.pg_shdescription" WHERE objoid = ? AND classoid = ?`, d.oid, catalog.ClassDatabase)
}

func handleDatabaseRename(c *channel, who actor, q *handoff.Rename) (any, error) {
	d, err := who.r.database(q.Old)
	switch {
	case err != nil:
		return nil, err
	case !who.may(d.owner):
		return nil, denied("must be owner of database %s", d.name)
	case !who.super && !who.createDB:
		return nil, denied("permission denied to rename database")
	case who.r.dbByName[q.New] != nil:
		return nil, pgerr.New(pgerr.DuplicateDatabase, `database "%s" already exists`, q.New)
	case q.New == "" || len(q.New) > 63:
		return nil, pgerr.New(pgerr.InvalidName, "invalid database name")
	case d.oid == c.session.database:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "current database cannot be renamed")
	}
	if n := c.k.emptied(d.oid, c); n > 0 {
		return nil, pgerr.New(pgerr.ObjectInUse, `database "%s" is being accessed by other users`, d.name).WithDetail("%s", othersDetail(n))
	}
	return nil, c.k.store.exec(`UPDATE "pg_catalog.pg_database" SET datname = ? WHERE oid = ?`, q.New, d.oid)
}

func handleDatabaseAlter(c *channel, who actor, q *handoff.DatabaseAlter) (any, error) {
	d, err := who.r.database(q.Name)
	switch {
	case err != nil:
		return nil, err
	case !who.may(d.owner):
		return nil, denied("must be owner of database %s", d.name)
	case q.AllowConnections != nil && !*q.AllowConnections && d.oid == c.session.database:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot disallow connections for current database")
	}
	if err := checkLimit(q.ConnectionLimit); err != nil {
		return nil, err
	}
	var set []string
	var args []any
	put := func(column string, v any) { set, args = append(set, column+" = ?"), append(args, v) }
	if q.ConnectionLimit != nil {
		put("datconnlimit", *q.ConnectionLimit)
	}
	if q.AllowConnections != nil {
		put("datallowconn", *q.AllowConnections)
	}
	if q.IsTemplate != nil {
		put("datistemplate", *q.IsTemplate)
	}
	if q.Owner != "" {
		x, err := who.r.named(q.Owner)
		switch {
		case err != nil:
			return nil, err
		case x.oid == d.owner:
		case !who.super && !who.r.memberOf(who.oid, x.oid, false):
			return nil, denied(`must be member of role "%s"`, x.name)
		case !who.super && !who.createDB:
			return nil, denied("permission denied to change owner of database")
		default:
			put("datdba", x.oid)
			if d.acl != nil {
				put("datacl", changeOwner(d.acl, d.owner, x.oid).Value())
			}
		}
	}
	if len(set) == 0 {
		return nil, nil
	}
	return nil, c.k.store.exec(`UPDATE "pg_catalog.pg_database" SET `+strings.Join(set, ", ")+` WHERE oid = ?`, append(args, d.oid)...)
}
