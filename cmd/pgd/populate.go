package main

import (
	"os"
	"path/filepath"

	"pgd/backend/catalog"
	"pgd/backend/storage"
	"pgd/daemon/keeper"
	"pgd/daemon/keeper/hba"
	"pgd/install"
	"pgd/install/site"
)

// populateMain is the process that fills a new site's directory as its owner.
func populateMain() {
	err := install.Populate(os.Stdin, install.Parts{
		HBA: hba.DefaultFile,
		Global: func(r install.Request) error {
			return keeper.Bootstrap(r.Dir, keeper.BootstrapOptions{Superuser: r.Superuser, Password: r.Password})
		},
		Databases: makeDatabases,
	})
	if err != nil {
		os.Exit(complain(err))
	}
}

// makeDatabases makes template1 and copies it to the other databases a site is born with.
func makeDatabases(r install.Request) error {
	dir := site.Dir(r.Dir)
	first := dir.Database(site.Template1OID)
	if err := os.Mkdir(first, 0o700); err != nil {
		return err
	}
	db, err := storage.Create(first)
	if err != nil {
		return err
	}
	if err := bootstrap(db); err != nil {
		db.Close()
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	for _, oid := range []uint32{site.Template0OID, site.PostgresOID} {
		if err := storage.CopyDatabase(first, dir.Database(oid)); err != nil {
			return err
		}
	}
	if !r.GroupAccess {
		return nil
	}
	return openToGroup(r.Dir)
}

func bootstrap(db *storage.DB) error {
	if err := db.Begin(storage.ReadCommitted, false); err != nil {
		return err
	}
	if _, err := db.StartWrite(storage.TurnOptions{}); err != nil {
		return err
	}
	if err := catalog.Bootstrap(db, catalog.BootOptions{}); err != nil {
		return err
	}
	return db.Commit(storage.CommitOptions{})
}

// openToGroup gives a new site's files the modes of --allow-group-access; the secrets stay the owner's alone.
func openToGroup(root string) error {
	return filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.Chmod(path, 0o750)
		case filepath.Base(path) == filepath.Base(site.SecretsDB):
			return nil
		}
		return os.Chmod(path, 0o640)
	})
}
