package session

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/install/settings"
)

// Settings whose values mean more than their type says: DateStyle, TimeZone (timezone.go) and client_encoding.

func badSetting(name, value string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"%s\": \"%s\"", name, value)
}

// parseDateStyle reads a value of DateStyle; what it does not say stays as in old.
func parseDateStyle(value string, old types.DateStyle, reset types.DateStyle) (types.DateStyle, error) {
	d := old
	list, ok := settings.SplitIdentifiers(value)
	if !ok {
		return d, badSetting("DateStyle", value).WithDetail("List syntax is invalid.")
	}
	var format, order string
	conflict := false
	setFormat := func(f string) {
		conflict = conflict || format != "" && format != f
		format = f
	}
	setOrder := func(o string) {
		conflict = conflict || order != "" && order != o
		order = o
	}
	for _, word := range list {
		w := strings.ToLower(word)
		switch {
		case w == "iso":
			setFormat("ISO")
		case w == "sql":
			setFormat("SQL")
		case strings.HasPrefix(w, "postgres"):
			setFormat("Postgres")
		case w == "german":
			setFormat("German")
			if order == "" {
				d.Order = "DMY"
			}
		case w == "ymd":
			setOrder("YMD")
		case w == "dmy", strings.HasPrefix(w, "euro"):
			setOrder("DMY")
		case w == "mdy", w == "us", strings.HasPrefix(w, "noneuro"):
			setOrder("MDY")
		case w == "default":
			if format == "" {
				d.Format = reset.Format
			}
			if order == "" {
				d.Order = reset.Order
			}
		default:
			return d, badSetting("DateStyle", value).WithDetail("Unrecognized key word: \"%s\".", word)
		}
	}
	if conflict {
		return d, badSetting("DateStyle", value).WithDetail("Conflicting \"datestyle\" specifications.")
	}
	if format != "" {
		d.Format = format
	}
	if order != "" {
		d.Order = order
	}
	return d, nil
}

// dateStyleOf reads a canonical value.
func dateStyleOf(value string) types.DateStyle {
	d, err := parseDateStyle(value, types.DateStyle{Format: "ISO", Order: "MDY"}, types.DateStyle{Format: "ISO", Order: "MDY"})
	if err != nil {
		return types.DateStyle{Format: "ISO", Order: "MDY"}
	}
	return d
}

// The encodings a client may ask for and get, and PostgreSQL's others, by their names without punctuation.
var (
	clientEncodings = map[string]string{"utf8": "UTF8", "unicode": "UTF8", "sqlascii": "SQL_ASCII"}
	otherEncodings  = map[string]string{
		"latin1": "LATIN1", "iso88591": "LATIN1", "latin2": "LATIN2", "iso88592": "LATIN2", "latin3": "LATIN3", "iso88593": "LATIN3",
		"latin4": "LATIN4", "iso88594": "LATIN4", "latin5": "LATIN5", "iso88599": "LATIN5", "latin6": "LATIN6", "iso885910": "LATIN6",
		"latin7": "LATIN7", "iso885913": "LATIN7", "latin8": "LATIN8", "iso885914": "LATIN8", "latin9": "LATIN9", "iso885915": "LATIN9",
		"latin10": "LATIN10", "iso885916": "LATIN10", "iso88595": "ISO_8859_5", "iso88596": "ISO_8859_6", "iso88597": "ISO_8859_7",
		"iso88598": "ISO_8859_8", "win1250": "WIN1250", "windows1250": "WIN1250", "win1251": "WIN1251", "windows1251": "WIN1251",
		"win": "WIN1251", "win1252": "WIN1252", "windows1252": "WIN1252", "win1253": "WIN1253", "windows1253": "WIN1253", "win1254": "WIN1254",
		"windows1254": "WIN1254", "win1255": "WIN1255", "windows1255": "WIN1255", "win1256": "WIN1256", "windows1256": "WIN1256",
		"win1257": "WIN1257", "windows1257": "WIN1257", "win1258": "WIN1258", "windows1258": "WIN1258", "win866": "WIN866", "windows866": "WIN866",
		"alt": "WIN866", "win874": "WIN874", "windows874": "WIN874", "koi8": "KOI8R", "koi8r": "KOI8R", "koi8u": "KOI8U", "euccn": "EUC_CN",
		"eucjp": "EUC_JP", "eucjis2004": "EUC_JIS_2004", "euckr": "EUC_KR", "euctw": "EUC_TW", "big5": "BIG5", "windows950": "BIG5",
		"win950": "BIG5", "gbk": "GBK", "windows936": "GBK", "win936": "GBK", "gb18030": "GB18030", "sjis": "SJIS", "shiftjis": "SJIS",
		"mskanji": "SJIS", "win932": "SJIS", "windows932": "SJIS", "shiftjis2004": "SHIFT_JIS_2004", "uhc": "UHC", "windows949": "UHC",
		"win949": "UHC", "johab": "JOHAB", "muleinternal": "MULE_INTERNAL", "tcvn": "WIN1258", "tcvn5712": "WIN1258", "vscii": "WIN1258",
		"abc": "WIN1258",
	}
)

// parseEncoding reads a value of client_encoding.
func parseEncoding(value string) (string, error) {
	var b strings.Builder
	for _, c := range strings.ToLower(value) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			b.WriteRune(c)
		}
	}
	if name, ok := clientEncodings[b.String()]; ok {
		return name, nil
	}
	e := badSetting("client_encoding", value)
	if name, ok := otherEncodings[b.String()]; ok {
		e.Code = pgerr.FeatureNotSupported
		e.Detail = "Conversion between " + name + " and UTF8 is not supported."
	}
	return "", e
}
