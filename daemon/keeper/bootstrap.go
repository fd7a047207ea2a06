package keeper

import (
	"crypto/rand"
	"fmt"
	"os"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/catalog"
	"pgd/install/site"
)

// BootstrapOptions say what a new site's global/ begins with.
type BootstrapOptions struct {
	Superuser string // name of the bootstrap superuser
	Password  string // its password; "" for none
}

// secretsSchema is secrets.db. A role's verifier is here and nowhere else.
const secretsSchema = `
CREATE TABLE verifier (role INTEGER PRIMARY KEY, verifier TEXT NOT NULL) STRICT;
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
`

// Bootstrap makes global/catalog.db and global/secrets.db of a new site. Both must not exist.
func Bootstrap(siteDir string, o BootstrapOptions) error {
	dir := site.Dir(siteDir)
	for _, name := range []string{site.CatalogDB, site.SecretsDB} {
		f, err := os.OpenFile(dir.Path(name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		f.Close()
	}
	if err := makeSecrets(dir, o); err != nil {
		return fmt.Errorf("make %s: %w", dir.Path(site.SecretsDB), err)
	}
	s, err := openStore(dir)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.db.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := catalog.BootstrapShared(s, catalog.SharedOptions{Superuser: o.Superuser}); err != nil {
		return fmt.Errorf("make %s: %w", dir.Path(site.CatalogDB), err)
	}
	if err := s.db.Exec("COMMIT"); err != nil {
		return err
	}
	return syncDir(dir.Path(site.GlobalDir))
}

func makeSecrets(dir site.Dir, o BootstrapOptions) error {
	db, err := sqlite3.OpenFlags("file:"+uriPath(dir.Path(site.SecretsDB)), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return err
	}
	s := &store{db: db, stmts: map[string]*sqlite3.Stmt{}}
	defer s.close()
	if err := db.Exec("PRAGMA synchronous=FULL; BEGIN IMMEDIATE;" + secretsSchema); err != nil {
		return err
	}
	nonce := make([]byte, 32)
	rand.Read(nonce)
	if err := s.exec("INSERT INTO secret (name, value) VALUES ('mock_authentication_nonce', ?)", nonce); err != nil {
		return err
	}
	if o.Password != "" {
		v, err := makeVerifier(o.Password, 0)
		if err != nil {
			return err
		}
		if err := s.exec("INSERT INTO verifier (role, verifier) VALUES (?, ?)", bootstrapSuperuser, v); err != nil {
			return err
		}
	}
	return db.Exec("COMMIT")
}
