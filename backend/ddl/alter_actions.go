package ddl

import "pgd/backend/parse"

// alterAction is one action of ALTER TABLE: what carries it out, the kinds of relation it is for, when it runs and how errors call it. As in
// PostgreSQL's ALTER TABLE what is dropped goes first and constraints come last.
type alterAction struct {
	run   func(*alteration, *parse.AlterTableCmd) error
	kinds string
	pass  int
	name  string
}

// Passes.
const (
	passDrop = iota
	passType
	passAddColumn
	passColumn
	passMisc
	passConstraint
)

var alterActions map[parse.AlterTableType]alterAction

func init() {
	alterActions = map[parse.AlterTableType]alterAction{
		parse.AlterTableType_AT_AddColumn:          {(*alteration).addColumn, "r", passAddColumn, "ADD COLUMN"},
		parse.AlterTableType_AT_DropColumn:         {(*alteration).dropColumn, "r", passDrop, "DROP COLUMN"},
		parse.AlterTableType_AT_ColumnDefault:      {(*alteration).setDefault, "rv", passColumn, "ALTER COLUMN ... SET DEFAULT"},
		parse.AlterTableType_AT_SetNotNull:         {(*alteration).setNotNull, "r", passColumn, "ALTER COLUMN ... SET NOT NULL"},
		parse.AlterTableType_AT_DropNotNull:        {(*alteration).dropNotNull, "r", passDrop, "ALTER COLUMN ... DROP NOT NULL"},
		parse.AlterTableType_AT_DropExpression:     {(*alteration).dropExpression, "r", passDrop, "ALTER COLUMN ... DROP EXPRESSION"},
		parse.AlterTableType_AT_AlterColumnType:    {(*alteration).alterType, "r", passType, "ALTER COLUMN ... SET DATA TYPE"},
		parse.AlterTableType_AT_SetStatistics:      {(*alteration).setStatistics, "rmi", passMisc, "ALTER COLUMN ... SET STATISTICS"},
		parse.AlterTableType_AT_SetOptions:         {(*alteration).setColumnOptions, "rm", passMisc, "ALTER COLUMN ... SET"},
		parse.AlterTableType_AT_ResetOptions:       {(*alteration).resetColumnOptions, "rm", passMisc, "ALTER COLUMN ... RESET"},
		parse.AlterTableType_AT_SetStorage:         {(*alteration).setStorage, "rm", passMisc, "ALTER COLUMN ... SET STORAGE"},
		parse.AlterTableType_AT_AddConstraint:      {(*alteration).addConstraint, "r", passConstraint, "ADD CONSTRAINT"},
		parse.AlterTableType_AT_AlterConstraint:    {(*alteration).alterConstraint, "r", passMisc, "ALTER CONSTRAINT"},
		parse.AlterTableType_AT_DropConstraint:     {(*alteration).dropConstraint, "r", passDrop, "DROP CONSTRAINT"},
		parse.AlterTableType_AT_ValidateConstraint: {(*alteration).validateConstraint, "r", passMisc, "VALIDATE CONSTRAINT"},
		parse.AlterTableType_AT_AddIdentity:        {(*alteration).addIdentity, "r", passColumn, "ALTER COLUMN ... ADD IDENTITY"},
		parse.AlterTableType_AT_SetIdentity:        {(*alteration).setIdentity, "r", passColumn, "ALTER COLUMN ... SET"},
		parse.AlterTableType_AT_DropIdentity:       {(*alteration).dropIdentity, "r", passDrop, "ALTER COLUMN ... DROP IDENTITY"},
		parse.AlterTableType_AT_ChangeOwner:        {(*alteration).changeOwner, "rvmSi", passMisc, "OWNER TO"},
		parse.AlterTableType_AT_ClusterOn:          {(*alteration).clusterOn, "rm", passMisc, "CLUSTER ON"},
		parse.AlterTableType_AT_DropCluster:        {(*alteration).dropCluster, "rm", passMisc, "SET WITHOUT CLUSTER"},
		parse.AlterTableType_AT_SetLogged:          {(*alteration).setLogged, "r", passMisc, "SET LOGGED"},
		parse.AlterTableType_AT_SetUnLogged:        {(*alteration).setUnlogged, "r", passMisc, "SET UNLOGGED"},
		parse.AlterTableType_AT_DropOids:           {(*alteration).accept, "r", passDrop, "SET WITHOUT OIDS"},
		parse.AlterTableType_AT_SetAccessMethod:    {(*alteration).setAccessMethod, "rm", passMisc, "SET ACCESS METHOD"},
		parse.AlterTableType_AT_SetTableSpace:      {(*alteration).setTablespace, "rmi", passMisc, "SET TABLESPACE"},
		parse.AlterTableType_AT_SetRelOptions:      {(*alteration).setRelOptions, "rvmi", passMisc, "SET"},
		parse.AlterTableType_AT_ResetRelOptions:    {(*alteration).resetRelOptions, "rvmi", passMisc, "RESET"},
		parse.AlterTableType_AT_ReplicaIdentity:    {(*alteration).replicaIdentity, "rm", passMisc, "REPLICA IDENTITY"},
		parse.AlterTableType_AT_EnableTrigAll:      {(*alteration).accept, "r", passMisc, "ENABLE TRIGGER ALL"},
		parse.AlterTableType_AT_EnableTrigUser:     {(*alteration).accept, "r", passMisc, "ENABLE TRIGGER USER"},
		parse.AlterTableType_AT_DisableTrigUser:    {(*alteration).accept, "r", passMisc, "DISABLE TRIGGER USER"},
		parse.AlterTableType_AT_EnableTrig:         {(*alteration).noTrigger, "r", passMisc, "ENABLE TRIGGER"},
		parse.AlterTableType_AT_DisableTrig:        {(*alteration).noTrigger, "r", passMisc, "DISABLE TRIGGER"},
		parse.AlterTableType_AT_DisableRowSecurity: {(*alteration).accept, "r", passMisc, "DISABLE ROW SECURITY"},
	}
}

// called is an action's name in an error.
func (x alterAction) called(c *parse.AlterTableCmd) string {
	if c.Subtype == parse.AlterTableType_AT_ColumnDefault && c.Def == nil {
		return "ALTER COLUMN ... DROP DEFAULT"
	}
	return x.name
}
