/** A class or function by name. */
export interface QualifiedName {
  readonly module: string;
  readonly name: string;
}

// Python 3 reads pickles of protocol 0 to 2 with these names of Python 2 (its module _compat_pickle): "old new" or, where only the
// module moved, the same with the module alone.
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

const NAMES =
  table(`__builtin__:xrange builtins:range|__builtin__:reduce functools:reduce|__builtin__:intern sys:intern
__builtin__:unichr builtins:chr|__builtin__:unicode builtins:str|__builtin__:long builtins:int|__builtin__:basestring builtins:str
itertools:izip builtins:zip|itertools:imap builtins:map|itertools:ifilter builtins:filter|itertools:ifilterfalse itertools:filterfalse
itertools:izip_longest itertools:zip_longest|UserDict:IterableUserDict collections:UserDict|UserDict:UserDict collections:UserDict
UserList:UserList collections:UserList|UserString:UserString collections:UserString|whichdb:whichdb dbm:whichdb
_socket:fromfd socket:fromfd|socket:_socketobject socket:SocketType|_multiprocessing:Connection multiprocessing.connection:Connection
multiprocessing.process:Process multiprocessing.context:Process|multiprocessing.forking:Popen multiprocessing.popen_fork:Popen
multiprocessing:AuthenticationError multiprocessing.context:AuthenticationError|multiprocessing:BufferTooShort multiprocessing.context:BufferTooShort
multiprocessing:ProcessError multiprocessing.context:ProcessError|multiprocessing:TimeoutError multiprocessing.context:TimeoutError
urllib:ContentTooShortError urllib.error:ContentTooShortError|urllib2:HTTPError urllib.error:HTTPError|urllib2:URLError urllib.error:URLError
urllib:getproxies urllib.request:getproxies|urllib:pathname2url urllib.request:pathname2url|urllib:url2pathname urllib.request:url2pathname
urllib:urlcleanup urllib.request:urlcleanup|urllib:urlopen urllib.request:urlopen|urllib:urlretrieve urllib.request:urlretrieve
urllib:quote urllib.parse:quote|urllib:quote_plus urllib.parse:quote_plus|urllib:unquote urllib.parse:unquote
urllib:unquote_plus urllib.parse:unquote_plus|urllib:urlencode urllib.parse:urlencode|exceptions:StandardError builtins:Exception`);

/** Python 2 had its exceptions in a module of their own; these moved to `builtins` under their names. */
const EXCEPTIONS = new Set(
  `ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning DeprecationWarning EOFError EnvironmentError
Exception FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError KeyError
KeyboardInterrupt LookupError MemoryError NameError NotImplementedError OSError OverflowError PendingDeprecationWarning ReferenceError
RuntimeError RuntimeWarning StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TypeError UnboundLocalError
UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning
ZeroDivisionError`.split(/\s+/),
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
  if (module === "exceptions" && EXCEPTIONS.has(name)) return { module: "builtins", name };
  const moved = NAMES.get(`${module}:${name}`)?.split(":");
  if (moved !== undefined) return { module: moved[0] ?? module, name: moved[1] ?? name };
  return { module: MODULES.get(module) ?? module, name };
}

/** `module.name`; the built-in ones by their name alone, as Python's `type` prints them. */
export function typeName({ module, name }: QualifiedName): string {
  return module === "builtins" || module === "" ? name : `${module}.${name}`;
}

/** Whether a name is a value that there is once, which Python prints by that name. */
export function isSingleton({ module, name }: QualifiedName): boolean {
  return module === "builtins" && (name === "Ellipsis" || name === "NotImplemented");
}
