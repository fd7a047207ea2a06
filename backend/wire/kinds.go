package wire

// Messages of the frontend.
const (
	MsgQuery        = 'Q'
	MsgParse        = 'P'
	MsgBind         = 'B'
	MsgDescribe     = 'D'
	MsgExecute      = 'E'
	MsgClose        = 'C'
	MsgFlush        = 'H'
	MsgSync         = 'S'
	MsgTerminate    = 'X'
	MsgFunctionCall = 'F'
	MsgCopyData     = 'd'
	MsgCopyDone     = 'c'
	MsgCopyFail     = 'f'
	MsgPassword     = 'p' // also SASL and GSS answers; only while authenticating
)

// Messages of the backend.
const (
	OutAuthentication       = 'R'
	OutBackendKeyData       = 'K'
	OutBindComplete         = '2'
	OutCloseComplete        = '3'
	OutCommandComplete      = 'C'
	OutCopyData             = 'd'
	OutCopyDone             = 'c'
	OutCopyIn               = 'G'
	OutCopyOut              = 'H'
	OutDataRow              = 'D'
	OutEmptyQuery           = 'I'
	OutError                = 'E'
	OutNegotiateVersion     = 'v'
	OutNoData               = 'n'
	OutNotice               = 'N'
	OutParameterDescription = 't'
	OutParameterStatus      = 'S'
	OutParseComplete        = '1'
	OutPortalSuspended      = 's'
	OutReadyForQuery        = 'Z'
	OutRowDescription       = 'T'
)

// The limits on a message's length, its own four bytes included, as PostgreSQL has them.
const (
	SmallMessage   = 10000
	LargeMessage   = 1<<30 - 2
	StartupMessage = 10000
)

// Limits gives the longest message of each kind that a state of the conversation accepts; 0 refuses the kind.
type Limits [256]int32

// SessionLimits are those of a session that has been authenticated.
var SessionLimits = Limits{
	MsgQuery:        LargeMessage,
	MsgParse:        LargeMessage,
	MsgBind:         LargeMessage,
	MsgFunctionCall: LargeMessage,
	MsgCopyData:     LargeMessage,
	MsgDescribe:     SmallMessage,
	MsgExecute:      SmallMessage,
	MsgClose:        SmallMessage,
	MsgFlush:        SmallMessage,
	MsgSync:         SmallMessage,
	MsgTerminate:    SmallMessage,
	MsgCopyDone:     SmallMessage,
	MsgCopyFail:     SmallMessage,
}

// AuthLimits are those of the exchange before: answers to authentication requests only.
var AuthLimits = Limits{MsgPassword: 65535}
