package site

import "pgd/perms"

// rules is what each file of a site must be, besides belonging to the site's owner.
var rules = []perms.Rule{
	{Path: VersionFile, OneLink: true},
	{Path: ConfigFile, RootToo: true},
	{Path: AutoConfigFile, Optional: true},
	{Path: HBAFile, RootToo: true, Forbidden: 0o027},
	{Path: IdentFile, RootToo: true, Forbidden: 0o027},
	{Path: LockFile, Optional: true, OneLink: true},
	{Path: PIDFile, Optional: true, OneLink: true},
	{Path: GlobalDir, Dir: true},
	{Path: CatalogDB, OneLink: true},
	{Path: SecretsDB, OneLink: true, Forbidden: 0o077},
	{Path: BaseDir, Dir: true},
	{Path: AuditDir, Dir: true, Optional: true},
	{Path: LogDir, Dir: true, Optional: true},
}

// databaseRules is the same for the files of one database's directory.
var databaseRules = []perms.Rule{
	{Path: MainDB, OneLink: true},
	{Path: MainDB + "-wal", OneLink: true, Optional: true},
	{Path: MainDB + "-shm", OneLink: true, Optional: true},
	{Path: "sequences", OneLink: true, Optional: true},
	{Path: "shared", OneLink: true, Optional: true},
	{Path: "turn", OneLink: true, Optional: true},
	{Path: "tmp", Dir: true, Optional: true},
}

// Check checks owner and mode of the site's root, the directories above it and every file that will be used, for a process of
// that uid. Everything that is wrong is reported at once, as perms.Refusals.
func (d Dir) Check(uid uint32) error {
	if err := perms.CheckSite(string(d), uid, rules); err != nil {
		return err
	}
	all, err := perms.Databases(string(d), BaseDir, databaseRules)
	if err != nil {
		return err
	}
	return perms.CheckSite(string(d), uid, all)
}
