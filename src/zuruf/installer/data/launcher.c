/* zuruf-host.exe: starts the Python runtime beside it, and nothing from anywhere else.
 *
 * A GUI program without imports beyond kernel32. The runtime's `._pth` file isolates Python from the environment, the
 * registry and the user's packages; this file keeps the loader away from the current directory and PATH.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

typedef int (*Main)(int, wchar_t **);

#define LONGEST 32768
static wchar_t folder[LONGEST], library[LONGEST];

/* One command line argument a time, by the rules of CommandLineToArgvW, which shell32 would have to be loaded for. */
static wchar_t *next_argument(wchar_t **line, wchar_t *out) {
    wchar_t *in = *line, *start = out;
    BOOL quoted = FALSE;
    while (*in == L' ' || *in == L'\t') in++;
    if (!*in) return NULL;
    while (*in && (quoted || (*in != L' ' && *in != L'\t'))) {
        int slashes = 0;
        while (*in == L'\\') { slashes++; in++; }
        if (*in == L'"') {
            for (int i = 0; i < slashes / 2; i++) *out++ = L'\\';
            if (slashes % 2) *out++ = L'"';
            else if (quoted && in[1] == L'"') { *out++ = L'"'; in++; }
            else quoted = !quoted;
            in++;
        } else {
            for (int i = 0; i < slashes; i++) *out++ = L'\\';
            if (*in && (quoted || (*in != L' ' && *in != L'\t'))) *out++ = *in++;
        }
    }
    *out++ = 0;
    *line = in;
    return start;
}

static int run(void) {
    static wchar_t *argv[256] = {0};
    int argc = 0;
    DWORD length = GetModuleFileNameW(NULL, folder, LONGEST);
    if (!length || length >= LONGEST - 32) return 101;
    wchar_t *name = folder + length;
    while (name > folder && name[-1] != L'\\') name--;
    *name = 0;
    lstrcpyW(library, folder);
    lstrcatW(library, L"@RUNTIME@");

    if (!SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_USER_DIRS)) return 102;
    SetDllDirectoryW(L"");
    /* Only a service's pipe is of use to a program without a console. Any other handle may be one that the parent
       named and never passed on, which the C runtime would stumble over. */
    static const DWORD streams[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    for (int i = 0; i < 3; i++)
        if (GetFileType(GetStdHandle(streams[i])) != FILE_TYPE_PIPE) SetStdHandle(streams[i], NULL);

    HMODULE runtime = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (!runtime) return 103;
    Main main = (Main)(void *)GetProcAddress(runtime, "Py_Main");
    if (!main) return 104;

    wchar_t *line = GetCommandLineW();
    wchar_t *text = HeapAlloc(GetProcessHeap(), 0, (lstrlenW(line) + 2) * 2 * sizeof(wchar_t));
    if (!text) return 105;
    wchar_t *argument;
    while (argc < 250 && (argument = next_argument(&line, text)) != NULL) {
        text = argument + lstrlenW(argument) + 1;
        argv[argc++] = argument;
        if (argc == 1) {
            argv[argc++] = L"-m";
            argv[argc++] = L"@ENTRY@";
        }
    }
    return main(argc, argv);
}

void start(void) {
    ExitProcess((UINT)run());
}
