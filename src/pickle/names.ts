/** A class or function by name. */
export interface QualifiedName {
  readonly module: string;
  readonly name: string;
}

// Python 3 reads pickles of protocol 0 to 2 with these names of Python 2 (its module _compat_pickle): modules that moved, "old new".
const MODULES =
  table(`__builtin__ builtins|copy_reg copyreg|Queue queue|SocketServer socketserver|ConfigParser configparser|repr reprlib
tkFileDialog tkinter.filedialog|tkSimpleDialog tkinter.simpledialog|tkColorChooser tkinter.colorchooser|tkCommonDialog tkinter.commondialog
Dialog tkinter.dialog|Tkdnd tkinter.dnd|tkFont tkinter.font|tkMessageBox tkinter.messagebox|ScrolledText tkinter.scrolledtext
Tkconstants tkinter.constants|Tix tkinter.tix|ttk tkinter.ttk|Tkinter tkinter|markupbase _markupbase|_winreg winreg|thread _thread
dummy_thread _dummy_thread|dbhash dbm.bsd|dumbdbm dbm.dumb|dbm dbm.ndbm|gdbm dbm.gnu|xmlrpclib xmlrpc.client|SimpleXMLRPCServer xmlrpc.server
httplib http.client|htmlentitydefs html.entities|HTMLParser html.parser|Cookie http.cookies|cookielib http.cookiejar|BaseHTTPServer http.server
test.test_support test.support|commands subprocess|urlparse urllib.parse|robotparser urllib.robotparser|urllib2 urllib.request|anydbm dbm
_abcoll collections.abc|cPickle pickle|_elementtree xml.etree.ElementTree|FileDialog tkinter.filedialog|SimpleDialog tkinter.simpledialog
DocXMLRPCServer xmlrpc.server|SimpleHTTPServer http.server|CGIHTTPServer http.server|UserDict collections|UserList collections
UserString collections|whichdb dbm|StringIO io|cStringIO io`);

// What moved to a module, under its name or another one.
const NAMES: ReadonlyMap<string, QualifiedName> = new Map(
  `__builtin__>builtins xrange=range unichr=chr unicode=str long=int basestring=str
__builtin__>functools reduce
__builtin__>sys intern
itertools>builtins izip=zip imap=map ifilter=filter
itertools>itertools ifilterfalse=filterfalse izip_longest=zip_longest
UserDict>collections IterableUserDict=UserDict UserDict
UserList>collections UserList
UserString>collections UserString
whichdb>dbm whichdb
_socket>socket fromfd
socket>socket _socketobject=SocketType
_multiprocessing>multiprocessing.connection Connection
multiprocessing.process>multiprocessing.context Process
multiprocessing.forking>multiprocessing.popen_fork Popen
multiprocessing>multiprocessing.context AuthenticationError BufferTooShort ProcessError TimeoutError
urllib>urllib.error ContentTooShortError
urllib2>urllib.error HTTPError URLError
urllib>urllib.request getproxies pathname2url url2pathname urlcleanup urlopen urlretrieve
urllib>urllib.parse quote quote_plus unquote unquote_plus urlencode
exceptions>builtins StandardError=Exception ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning
exceptions>builtins DeprecationWarning EOFError EnvironmentError Exception FloatingPointError FutureWarning GeneratorExit IOError
exceptions>builtins ImportError ImportWarning IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError
exceptions>builtins NotImplementedError OSError OverflowError PendingDeprecationWarning ReferenceError RuntimeError RuntimeWarning
exceptions>builtins StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TypeError UnboundLocalError UnicodeDecodeError
exceptions>builtins UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError`
    .split("\n")
    .flatMap((row) => {
      const [from = "", module = "", ...names] = row.split(/[> ]/);
      return names.map((both) => {
        const [old = "", name = old] = both.split("=");
        return [`${from}:${old}`, { module, name }] as const;
      });
    }),
);

function table(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/[|\n]/).map((row) => {
      const [from = "", to = ""] = row.split(" ");
      return [from, to];
    }),
  );
}

/** Python 3's name for what a pickle of this protocol names. */
export function modernName(module: string, name: string, protocol: number): QualifiedName {
  if (protocol >= 3) return { module, name };
  return NAMES.get(`${module}:${name}`) ?? { module: MODULES.get(module) ?? module, name };
}

/** `module.name`; the built-in ones by their name alone, as Python's `type` prints them. */
export function typeName({ module, name }: QualifiedName): string {
  return module === "builtins" || module === "" ? name : `${module}.${name}`;
}

/** Whether a name is a value that there is once, which Python prints by that name. */
export function isSingleton({ module, name }: QualifiedName): boolean {
  return module === "builtins" && (name === "Ellipsis" || name === "NotImplemented");
}
