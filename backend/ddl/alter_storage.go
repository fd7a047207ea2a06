package ddl

import (
	"slices"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// The actions of ALTER TABLE that tune how PostgreSQL stores a relation: kept in the catalog, where dumps and clients look for them.

// accept takes an action that says what is so already: there are no triggers, row security policies or OIDs.
func (a *alteration) accept(*parse.AlterTableCmd) error { return nil }

func (a *alteration) noTrigger(c *parse.AlterTableCmd) error {
	return pgerr.New(pgerr.UndefinedObject, "trigger \"%s\" for table \"%s\" does not exist", c.Name, a.rel.Name)
}

func (a *alteration) changeOwner(c *parse.AlterTableCmd) error {
	return a.giveRelation(a.rel, c.Newowner)
}

func (a *alteration) setRelOptions(c *parse.AlterTableCmd) error {
	list := listOf(c.Def)
	if err := a.storageOptions(a.rel.Kind, list, "", ""); err != nil {
		return err
	}
	old, err := a.options(a.rel.OID, 0)
	if err != nil {
		return err
	}
	now := mergeOptions(old, list)
	if a.rel.Kind == 'v' && len(withoutOption(slices.Clone(now), "check_option")) != len(now) {
		return pgerr.Unsupported(-1, "WITH CHECK OPTION is not supported")
	}
	return a.setOptions(a.rel, now)
}

func (a *alteration) resetRelOptions(c *parse.AlterTableCmd) error {
	now, err := a.options(a.rel.OID, 0)
	if err != nil {
		return err
	}
	for _, n := range listOf(c.Def) {
		if d, ok := n.(*parse.DefElem); ok {
			if d.Arg != nil {
				return pgerr.New(pgerr.SyntaxError, "RESET must not include values for parameters")
			}
			now = withoutOption(now, d.Defname)
		}
	}
	return a.setOptions(a.rel, now)
}

func (a *alteration) setColumnOptions(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	for _, n := range listOf(c.Def) {
		d, ok := n.(*parse.DefElem)
		if !ok {
			continue
		}
		p, known := columnParameters[d.Defname]
		if !known {
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", d.Defname)
		}
		if err := p.check(d); err != nil {
			return err
		}
	}
	old, err := a.options(a.rel.OID, col.Attnum)
	if err != nil {
		return err
	}
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attoptions", textArray(mergeOptions(old, listOf(c.Def))))
}

func (a *alteration) resetColumnOptions(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	now, err := a.options(a.rel.OID, col.Attnum)
	if err != nil {
		return err
	}
	for _, n := range listOf(c.Def) {
		if d, ok := n.(*parse.DefElem); ok {
			now = withoutOption(now, d.Defname)
		}
	}
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attoptions", textArray(now))
}

func (a *alteration) setStatistics(c *parse.AlterTableCmd) error {
	var col *catalog.Column
	if c.Name == "" {
		// A column of an index is named by its number.
		if a.rel.Kind != 'i' {
			return pgerr.New(pgerr.FeatureNotSupported, "cannot refer to non-index column by number")
		}
		if int(c.Num) > len(a.rel.Columns) {
			return pgerr.New(pgerr.UndefinedColumn, "column number %d of relation \"%s\" does not exist", c.Num, a.rel.Name)
		}
		col = &a.rel.Columns[c.Num-1]
		if err := a.statisticsOfIndex(int(c.Num)); err != nil {
			return err
		}
	} else {
		var err error
		if col, err = a.column(c.Name); err != nil {
			return err
		}
	}
	target := intOf(c.Def)
	switch {
	case target < -1:
		return pgerr.New(pgerr.InvalidParameterValue, "statistics target %d is too low", target)
	case target > 10000:
		target = 10000
		a.Notice(pgerr.Warning(pgerr.InvalidParameterValue, "lowering statistics target to %d", target))
	}
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attstattarget", target)
}

// statisticsOfIndex refuses a column of an index that has statistics of its own: those of the table's.
func (a *alteration) statisticsOfIndex(num int) error {
	var table uint32
	err := a.DB.Query(`SELECT indrelid FROM "pg_catalog.pg_index" WHERE indexrelid = ?1`, []value{intValue(a.rel.OID)}, func(r []value) error {
		table = uint32(r[0].I)
		return nil
	})
	if err != nil {
		return err
	}
	rel, err := a.Catalog.RelationByOID(table)
	if err != nil || rel == nil {
		return err
	}
	i := slices.IndexFunc(rel.Indexes, func(x *catalog.Index) bool { return x.OID == a.rel.OID })
	if i < 0 {
		return nil
	}
	x := rel.Indexes[i]
	switch {
	case num > x.KeyCount:
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter statistics on included column \"%s\" of index \"%s\"", a.rel.Columns[num-1].Name, a.rel.Name)
	case x.Columns[num-1] != 0:
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter statistics on non-expression column \"%s\" of index \"%s\"", a.rel.Columns[num-1].Name, a.rel.Name).
			WithHint("Alter statistics on table column instead.")
	}
	return nil
}

// storages are the letters of SET STORAGE's words.
var storages = map[string]byte{"plain": 'p', "external": 'e', "extended": 'x', "main": 'm'}

func (a *alteration) setStorage(c *parse.AlterTableCmd) error {
	word := stringOf(c.Def)
	letter, ok := storages[strings.ToLower(word)]
	if !ok {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid storage type \"%s\"", word)
	}
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if letter != 'p' && a.Catalog.Type(col.Type).Len != -1 {
		return pgerr.New(pgerr.FeatureNotSupported, "column data type %s can only have storage PLAIN", a.Catalog.FormatType(col.Type, -1))
	}
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attstorage", letter)
}

func (a *alteration) setAccessMethod(c *parse.AlterTableCmd) error {
	return a.storageOptions(a.rel.Kind, nil, "", c.Name)
}

func (a *alteration) setTablespace(c *parse.AlterTableCmd) error { return knownTablespace(c.Name) }

// index finds an index of the table by name.
func (a *alteration) index(name string) (*catalog.Index, error) {
	for _, x := range a.rel.Indexes {
		if x.Name == name {
			return x, nil
		}
	}
	return nil, pgerr.New(pgerr.UndefinedObject, "index \"%s\" for table \"%s\" does not exist", name, a.rel.Name)
}

func (a *alteration) clusterOn(c *parse.AlterTableCmd) error {
	x, err := a.index(c.Name)
	if err != nil {
		return err
	}
	if x.Where != "" {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot cluster on partial index \"%s\"", x.Name)
	}
	if err := a.dropCluster(c); err != nil {
		return err
	}
	return a.writer().Set(catalog.ClassIndex, x.OID, "indisclustered", true)
}

func (a *alteration) dropCluster(*parse.AlterTableCmd) error {
	for _, x := range a.rel.Indexes {
		if err := a.writer().Set(catalog.ClassIndex, x.OID, "indisclustered", false); err != nil {
			return err
		}
	}
	return nil
}

func (a *alteration) replicaIdentity(c *parse.AlterTableCmd) error {
	n, ok := c.Def.(*parse.ReplicaIdentityStmt)
	if !ok || n.IdentityType == "" {
		return pgerr.Unsupported(-1, "this form of REPLICA IDENTITY is not supported")
	}
	var chosen uint32
	if n.IdentityType == "i" {
		x, err := a.index(n.Name)
		if err != nil {
			return err
		}
		if err := a.identifies(x); err != nil {
			return err
		}
		chosen = x.OID
	}
	for _, x := range a.rel.Indexes {
		if err := a.writer().Set(catalog.ClassIndex, x.OID, "indisreplident", x.OID == chosen); err != nil {
			return err
		}
	}
	return a.writer().Set(catalog.ClassRelation, a.rel.OID, "relreplident", n.IdentityType[0])
}

// identifies refuses an index that does not tell rows apart.
func (a *alteration) identifies(x *catalog.Index) error {
	switch {
	case !x.Unique:
		return pgerr.New(pgerr.WrongObjectType, "cannot use non-unique index \"%s\" as replica identity", x.Name)
	case len(x.Exprs) > 0:
		return pgerr.New(pgerr.FeatureNotSupported, "cannot use expression index \"%s\" as replica identity", x.Name)
	case x.Where != "":
		return pgerr.New(pgerr.FeatureNotSupported, "cannot use partial index \"%s\" as replica identity", x.Name)
	}
	for _, n := range x.Columns[:x.KeyCount] {
		if c := &a.rel.Columns[n-1]; !c.NotNull {
			return pgerr.New(pgerr.WrongObjectType, "index \"%s\" cannot be used as replica identity because column \"%s\" is nullable", x.Name, c.Name)
		}
	}
	return nil
}
