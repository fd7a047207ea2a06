package ddl

import (
	"errors"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

type value = types.Value

// indexColumn is one key of an index being made: a column or an expression.
type indexColumn struct {
	attnum  int16
	name    string // of the index's own column
	expr    string // canonical text where attnum is 0
	typ     uint32
	coll    uint32
	option  int16 // 1 DESC, 2 NULLS FIRST
	opclass uint32
}

// indexDef is an index being made.
type indexDef struct {
	name       string
	columns    []indexColumn
	include    []int16
	where      string
	unique     bool
	primary    bool
	constraint bool
	storage    []string
	// notDistinct makes NULLs equal to each other.
	notDistinct bool
}

func plainColumns(attnums []int16) []indexColumn {
	var out []indexColumn
	for _, n := range attnums {
		out = append(out, indexColumn{attnum: n})
	}
	return out
}

// storeIndex writes an index to the catalog. A column type without an order is 42704, as in PostgreSQL.
func (e *Env) storeIndex(rel *catalog.Relation, d indexDef, loc int32) (uint32, error) {
	x := catalog.NewIndex{Name: d.name, Namespace: rel.Namespace, Table: rel.OID, Owner: rel.Owner, Temp: rel.Temp, Where: d.where, KeyCount: len(d.columns),
		Unique: d.unique, Primary: d.primary, NotDistinct: d.notDistinct, Constraint: d.constraint, Storage: d.storage}
	for i := range d.columns {
		c := &d.columns[i]
		if c.attnum > 0 {
			col := &rel.Columns[c.attnum-1]
			c.name, c.typ = col.Name, col.Type
			if c.coll == 0 {
				c.coll = col.Collation
			}
		}
		if e.Catalog.DefaultOperator(c.typ, 1) == 0 {
			return 0, noOpclass(e, c.typ)
		}
		if c.opclass == 0 {
			c.opclass = e.Catalog.DefaultOpclass(c.typ)
		}
		x.Columns = append(x.Columns, c.attnum)
		x.Names = append(x.Names, uniqueName(x.Names, c.name))
		x.Types = append(x.Types, c.typ)
		x.Collations = append(x.Collations, c.coll)
		x.Opclasses = append(x.Opclasses, c.opclass)
		x.Options = append(x.Options, c.option)
		if c.attnum == 0 {
			x.Exprs = append(x.Exprs, c.expr)
		}
	}
	for _, n := range d.include {
		col := &rel.Columns[n-1]
		x.Columns, x.Names, x.Types = append(x.Columns, n), append(x.Names, uniqueName(x.Names, col.Name)), append(x.Types, col.Type)
	}
	return e.writer().CreateIndex(x)
}

func noOpclass(e *Env, typ uint32) error {
	return pgerr.New(pgerr.UndefinedObject, "data type %s has no default operator class for access method \"btree\"", e.Catalog.FormatType(typ, -1)).
		WithHint("You must specify an operator class for the index or define a default operator class for the data type.")
}

// uniqueName numbers an index column's name where it is taken.
func uniqueName(taken []string, name string) string {
	try := name
	for i := 1; ; i++ {
		free := true
		for _, t := range taken {
			free = free && t != try
		}
		if free {
			return try
		}
		try = objectName(name, "", "") + itoa(i)
	}
}

// createIndex carries out CREATE INDEX.
func (e *Env) createIndex(n *parse.IndexStmt) (string, error) {
	const tag = "CREATE INDEX"
	const consumed = parse.Has_IndexStmt_Idxname | parse.Has_IndexStmt_Relation | parse.Has_IndexStmt_AccessMethod | parse.Has_IndexStmt_TableSpace |
		parse.Has_IndexStmt_IndexParams | parse.Has_IndexStmt_IndexIncludingParams | parse.Has_IndexStmt_Options | parse.Has_IndexStmt_WhereClause |
		parse.Has_IndexStmt_Unique | parse.Has_IndexStmt_Concurrent | parse.Has_IndexStmt_IfNotExists |
		parse.Has_IndexStmt_NullsNotDistinct
	if err := analyze.Only(n, consumed, n.Relation.Location); err != nil {
		return tag, err
	}
	if n.Concurrent && e.InBlock {
		return tag, pgerr.New(pgerr.ActiveSqlTransaction, "CREATE INDEX CONCURRENTLY cannot run inside a transaction block")
	}
	rel, err := e.relation(n.Relation)
	if err != nil {
		return tag, err
	}
	if rel.Kind != 'r' {
		return tag, pgerr.New(pgerr.WrongObjectType, "cannot create index on relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for %s.", kindsOf(rel.Kind))
	}
	if err := e.mustOwn(rel); err != nil {
		return tag, err
	}
	if n.Idxname != "" {
		if skip, err := e.relationTaken(rel.Schema, n.Idxname, n.IfNotExists); skip || err != nil {
			return tag, err
		}
	}
	if err := accessMethod(n); err != nil {
		return tag, err
	}
	if err := e.storageOptions('i', n.Options, n.TableSpace, ""); err != nil {
		return tag, err
	}
	d := indexDef{name: n.Idxname, unique: n.Unique, notDistinct: n.NullsNotDistinct, storage: optionTexts(n.Options)}
	for _, p := range n.IndexParams {
		c, err := e.indexParam(rel, p.(*parse.IndexElem))
		if err != nil {
			return tag, err
		}
		d.columns = append(d.columns, c)
	}
	for _, p := range n.IndexIncludingParams {
		el := p.(*parse.IndexElem)
		c := findColumn(rel, el.Name)
		if c == nil {
			return tag, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", el.Name)
		}
		d.include = append(d.include, c.Attnum)
	}
	if n.WhereClause != nil {
		x, err := e.tableExprOf(n.WhereClause, rel, analyze.KindIndexPredicate, types.BoolOID, -1)
		if err != nil {
			return tag, err
		}
		if !analyze.Immutable(x) {
			return tag, pgerr.New(pgerr.InvalidObjectDefinition, "functions in index predicate must be marked IMMUTABLE")
		}
		if d.where, err = e.deparse(rel, x); err != nil {
			return tag, err
		}
	}
	if d.name == "" {
		if d.name, err = freeName(rel.Name, indexColumnsName(rel, d.columns), "idx", func(s string) (bool, error) { return e.nameTaken(rel, s) }); err != nil {
			return tag, err
		}
	}
	oid, err := e.storeIndex(rel, d, n.Relation.Location)
	if err != nil {
		return tag, err
	}
	if rel, err = e.reload(rel.OID); err != nil {
		return tag, err
	}
	for _, ix := range rel.Indexes {
		if ix.OID == oid {
			return tag, e.buildIndex(rel, ix)
		}
	}
	return tag, pgerr.New(pgerr.InternalError, "index %d vanished", oid)
}

func indexColumnsName(rel *catalog.Relation, cols []indexColumn) string {
	var names []string
	for _, c := range cols {
		switch {
		case c.attnum > 0:
			names = append(names, rel.Columns[c.attnum-1].Name)
		default:
			names = append(names, c.name)
		}
	}
	return columnsName(names)
}

// accessMethods are those an index may ask for; each is kept as a B-tree, which answers every question they answer for the types there are.
var accessMethods = map[string]bool{"": true, "btree": true, "hash": true}

func accessMethod(n *parse.IndexStmt) error {
	if accessMethods[n.AccessMethod] {
		return nil
	}
	switch n.AccessMethod {
	case "gin", "gist", "spgist", "brin":
		return pgerr.Unsupported(-1, "access method \"%s\" is not supported", n.AccessMethod)
	}
	return pgerr.New(pgerr.UndefinedObject, "access method \"%s\" does not exist", n.AccessMethod)
}

// indexParam reads one key of CREATE INDEX.
func (e *Env) indexParam(rel *catalog.Relation, el *parse.IndexElem) (indexColumn, error) {
	c := indexColumn{name: el.Indexcolname}
	const consumed = parse.Has_IndexElem_Name | parse.Has_IndexElem_Expr | parse.Has_IndexElem_Collation | parse.Has_IndexElem_Opclass |
		parse.Has_IndexElem_Ordering | parse.Has_IndexElem_NullsOrdering
	if err := analyze.Only(el, consumed, -1); err != nil {
		return c, err
	}
	if el.Name != "" {
		col := findColumn(rel, el.Name)
		if col == nil {
			if isSystemColumn(el.Name) {
				return c, pgerr.New(pgerr.FeatureNotSupported, "index creation on system columns is not supported")
			}
			return c, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", el.Name)
		}
		c.attnum, c.typ = col.Attnum, col.Type
	} else if err := e.indexExpression(rel, el.Expr, &c); err != nil {
		return c, err
	}
	if len(el.Collation) > 0 {
		schema, name := qualified(el.Collation)
		oid, ok := e.Catalog.CollationByName(schema, name)
		if !ok {
			return c, pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", joinName(schema, name))
		}
		if row := e.Catalog.Type(c.typ); row != nil && row.Collation == 0 {
			return c, pgerr.New(pgerr.DatatypeMismatch, "collations are not supported by type %s", e.Catalog.FormatType(c.typ, -1))
		}
		c.coll = oid
	}
	if len(el.Opclass) > 0 {
		_, name := qualified(el.Opclass)
		class := e.Catalog.OpclassByName(403, name)
		if class == nil {
			return c, pgerr.New(pgerr.UndefinedObject, "operator class \"%s\" does not exist for access method \"btree\"", name)
		}
		if have := e.Catalog.TypeOperators(c.typ); have != nil && have.Type != class.Type && class.Type != c.typ {
			return c, pgerr.New(pgerr.DatatypeMismatch, "operator class \"%s\" does not accept data type %s", name, e.Catalog.FormatType(c.typ, -1))
		}
		c.opclass = class.OID
	}
	if el.Ordering == parse.SortByDir_SORTBY_DESC {
		c.option |= 1
	}
	if el.NullsOrdering == parse.SortByNulls_SORTBY_NULLS_FIRST || el.NullsOrdering != parse.SortByNulls_SORTBY_NULLS_LAST && c.option&1 != 0 {
		c.option |= 2
	}
	return c, nil
}

func (e *Env) indexExpression(rel *catalog.Relation, n parse.Node, c *indexColumn) error {
	x, err := e.tableExprOf(n, rel, analyze.KindIndexExpr, 0, -1)
	if err != nil {
		return err
	}
	if v, ok := x.(*analyze.Var); ok && v.Col >= 0 {
		c.attnum = int16(v.Col + 1)
		return nil
	}
	if !analyze.Immutable(x) {
		return pgerr.New(pgerr.InvalidObjectDefinition, "functions in index expression must be marked IMMUTABLE")
	}
	if c.name == "" {
		c.name = "expr"
		if f, ok := x.(*analyze.Call); ok && f.Form == analyze.FormCall {
			c.name = f.Proc.Name
		}
	}
	c.typ, c.coll = x.Type(), x.Collation()
	c.expr, err = e.deparse(rel, x)
	return err
}

// indexFailure words SQLite's refusal to build a unique index over rows that are not unique.
func (e *Env) indexFailure(rel *catalog.Relation, ix *catalog.Index, err error) error {
	var ce *storage.ConstraintError
	if !errors.As(err, &ce) {
		return err
	}
	out := pgerr.New(pgerr.UniqueViolation, "could not create unique index \"%s\"", ix.Name).WithTable(rel.Schema, rel.Name).WithConstraint(ix.Name)
	keys := ix.Columns[:ix.KeyCount]
	for _, n := range keys {
		if n == 0 {
			return out
		}
	}
	cols, notNull := columnList(rel, keys), ""
	for i, n := range keys {
		if i > 0 {
			notNull += " AND "
		}
		notNull += rel.Columns[n-1].Physical + " IS NOT NULL"
	}
	if ix.NullsNotDistinct {
		notNull = "1"
	}
	qerr := e.DB.Query("SELECT "+cols+" FROM "+rel.Physical+" WHERE "+notNull+" GROUP BY "+cols+" HAVING count(*) > 1 LIMIT 1", nil, func(row []value) error {
		k, v := e.keyText(rel, keys, row)
		out = out.WithDetail("Key (%s)=(%s) is duplicated.", k, v)
		return nil
	})
	if qerr != nil {
		return qerr
	}
	return out
}

// keyText gives "a, b" and "1, x" for a detail.
func (e *Env) keyText(rel *catalog.Relation, attnums []int16, row []value) (keys, vals string) {
	for i, n := range attnums {
		c := &rel.Columns[n-1]
		if i > 0 {
			keys, vals = keys+", ", vals+", "
		}
		keys += c.Name
		if row[i].IsNull() {
			vals += "null"
		} else {
			vals += string(e.Types.Find(c.Type).Output(e.Types, nil, row[i]))
		}
	}
	return keys, vals
}
