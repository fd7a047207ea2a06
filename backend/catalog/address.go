package catalog

// OIDs of the catalogs themselves: what pg_depend and pg_description call classid.
const (
	ClassRelation      uint32 = 1259 // pg_class
	ClassAttribute     uint32 = 1249
	ClassType          uint32 = 1247
	ClassProc          uint32 = 1255
	ClassAttrdef       uint32 = 2604
	ClassConstraint    uint32 = 2606
	ClassIndex         uint32 = 2610
	ClassNamespace     uint32 = 2615
	ClassRewrite       uint32 = 2618
	ClassDescription   uint32 = 2609
	ClassDepend        uint32 = 2608
	ClassTrigger       uint32 = 2620
	ClassCast          uint32 = 2605
	ClassOperator      uint32 = 2617
	ClassOpclass       uint32 = 2616
	ClassOpfamily      uint32 = 2753
	ClassCollation     uint32 = 3456
	ClassConversion    uint32 = 2607
	ClassLanguage      uint32 = 2612
	ClassDatabase      uint32 = 1262
	ClassAuthid        uint32 = 1260
	ClassTablespace    uint32 = 1213
	ClassAccessMethod  uint32 = 2601
	ClassExtension     uint32 = 3079
	ClassPolicy        uint32 = 3256
	ClassDefaultACL    uint32 = 826
	ClassTSConfig      uint32 = 3602
	ClassTSDict        uint32 = 3600
	ClassTSParser      uint32 = 3601
	ClassTSTemplate    uint32 = 3764
	ClassPublication   uint32 = 6104
	ClassStatisticExt  uint32 = 3381
	ClassForeignServer uint32 = 1417
)

// Address names one object: a row of a catalog, or a column of a relation where Sub is its attnum.
type Address struct {
	Class, OID uint32
	Sub        int32
}

// Kinds of dependency, pg_depend.deptype.
const (
	DependNormal   = 'n' // the referenced object is dropped only with CASCADE
	DependAuto     = 'a' // the dependent goes with it
	DependInternal = 'i' // the dependent is a part of it and cannot be dropped alone
)
