; The downloaded file: looks whether this computer can be supported, asks for administrator rights, unpacks the app
; into a fresh folder that only the system and administrators can write, runs it, and takes the folder away again
; unless a session lives in it.
Unicode true
Target amd64-unicode
!ifdef QUICK
SetCompressor zlib
!else
; Not /SOLID: NSIS would unpack all of it before the first line of this runs, and then again.
SetCompressor lzma
!endif
SetDateSave off
SetDatablockOptimize on
CRCCheck force
; Without its name here, Windows 8.1 passes itself off as 8, on which the app could not even say why it refuses.
ManifestSupportedOS Win8.1 Win10
ManifestDPIAware true
ManifestLongPathAware true
RequestExecutionLevel user
SilentInstall silent
XPStyle on
Name "${PRODUCT}"
Caption "${PRODUCT}"
OutFile "${OUTPUT}"
Icon "${ICON}"
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=0 "FileDescription" "${PRODUCT}"
VIAddVersionKey /LANG=0 "CompanyName" "${COMPANY}"
VIAddVersionKey /LANG=0 "LegalCopyright" "GPL-3.0-or-later"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "OriginalFilename" "Zuruf-Support-Session.exe"

!include LogicLib.nsh
!include WinVer.nsh
!include FileFunc.nsh

!define SERVICE "ZurufSupportSession"
!define INSTALLED 5
!define CRASHED 6
!define FOLDER_RIGHTS "O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"

LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\German.nlf"
LangString Preparing ${LANG_ENGLISH} "The support session is being prepared …"
LangString Preparing ${LANG_GERMAN} "Die Support-Sitzung wird vorbereitet …"
LangString TooOld ${LANG_ENGLISH} "This app needs Windows 10 or newer. Please tell the person who helps you.$\n$\nError ZRF-503"
LangString TooOld ${LANG_GERMAN} "Diese App braucht Windows 10 oder neuer. Bitte sagen Sie es der Person, die Ihnen hilft.$\n$\nFehler ZRF-503"
LangString NoRights ${LANG_ENGLISH} "The support session needs administrator rights. Please choose Retry and confirm Windows' question with Yes."
LangString NoRights ${LANG_GERMAN} "Die Support-Sitzung braucht Administratorrechte. Bitte wählen Sie Wiederholen und bestätigen Sie die Frage von Windows mit Ja."
LangString Broken ${LANG_ENGLISH} "The support session app ended unexpectedly. Nothing was left on this computer. Please tell the person who helps you.$\n$\nError ZRF-903"
LangString Broken ${LANG_GERMAN} "Die Support-Session-App wurde unerwartet beendet. Auf diesem Computer ist nichts zurückgeblieben. Bitte sagen Sie es der Person, die Ihnen hilft.$\n$\nFehler ZRF-903"
LangString NoFolder ${LANG_ENGLISH} "The support session could not be unpacked. Is there enough space on the disk?$\n$\nError ZRF-903"
LangString NoFolder ${LANG_GERMAN} "Die Support-Sitzung konnte nicht entpackt werden. Ist auf dem Datenträger genug Platz?$\n$\nFehler ZRF-903"

Var Parameters
Var Refusal
Var Detail
Var Folder
Var Code

!macro Payload
!include "${PAYLOAD}"
!macroend

; One rule of the operator's list of programs that an ad-hoc session must not meet.
!macro Service name service
    ${If} $Refusal == ""
        ReadRegDWORD $0 HKLM "SYSTEM\CurrentControlSet\Services\${service}" "Type"
        ${If} $0 != ""
            StrCpy $Refusal "ZRF-502"
            StrCpy $Detail "${name}"
        ${EndIf}
    ${EndIf}
!macroend
!macro Registry name key
    ${If} $Refusal == ""
        EnumRegKey $0 HKLM "${key}" 0
        EnumRegValue $1 HKLM "${key}" 0
        ${If} "$0$1" != ""
            StrCpy $Refusal "ZRF-502"
            StrCpy $Detail "${name}"
        ${EndIf}
    ${EndIf}
!macroend
!macro File name path
    ${If} $Refusal == ""
        ExpandEnvStrings $0 "${path}"
        ${If} ${FileExists} "$0"
            StrCpy $Refusal "ZRF-502"
            StrCpy $Detail "${name}"
        ${EndIf}
    ${EndIf}
!macroend

Function Look
    StrCpy $Refusal ""
    StrCpy $Detail ""
    ${IfNot} ${AtLeastWin10}
        StrCpy $Refusal "ZRF-503"
    ${EndIf}
    !include "${RULES}"
FunctionEnd

; The app says why, to the customer and to the technician's page. It needs no rights for that.
Function Refuse
    ${IfNot} ${AtLeastWin8.1}
        MessageBox MB_OK|MB_ICONSTOP "$(TooOld)"
        Return
    ${EndIf}
    InitPluginsDir
    CreateDirectory "$PLUGINSDIR\app"
    SetOutPath "$PLUGINSDIR\app"
    !insertmacro Payload
    ExecWait '"$PLUGINSDIR\app\zuruf-host.exe" --refused $Refusal --refused-detail "$Detail" --downloaded "$EXEPATH"' $Code
    SetOutPath "$WINDIR"
    RMDir /r "$PLUGINSDIR\app"
FunctionEnd

Function FreshFolder
    StrCpy $Folder ""
    System::Call 'advapi32::SystemFunction036(*i .r1, i 4) i .r0'
    ${If} $0 = 0
        Return
    ${EndIf}
    IntFmt $1 "%08x" $1
    System::Call 'advapi32::ConvertStringSecurityDescriptorToSecurityDescriptorW(w "${FOLDER_RIGHTS}", i 1, *p .r2, p 0) i .r0'
    ${If} $0 = 0
        Return
    ${EndIf}
    System::Call '*(l 24, p r2, l 0) p .r3'
    StrCpy $4 "$PROGRAMFILES64\Zuruf Support Session $1"
    System::Call 'kernel32::CreateDirectoryW(w r4, p r3) i .r0'
    System::Free $3
    System::Call 'kernel32::LocalFree(p r2)'
    ${If} $0 <> 0
        StrCpy $Folder "$4"
    ${EndIf}
FunctionEnd

; With administrator rights: unpack, run, and leave the folder only to a session that lives in it.
Function Unpack
    Banner::show /NOUNLOAD "$(Preparing)"
    Call FreshFolder
    ${If} $Folder == ""
        Banner::destroy
        MessageBox MB_OK|MB_ICONSTOP "$(NoFolder)"
        SetErrorLevel 1
        Return
    ${EndIf}
    ClearErrors
    SetOutPath "$Folder"
    !insertmacro Payload
    ${If} ${Errors}
        Banner::destroy
        MessageBox MB_OK|MB_ICONSTOP "$(NoFolder)"
        StrCpy $Code 1
    ${Else}
        Banner::destroy
        ExecWait '"$Folder\zuruf-host.exe" --downloaded "$EXEPATH" $Parameters' $Code
    ${EndIf}
    SetOutPath "$WINDIR"
    ${If} $Code <> ${INSTALLED}
        ; Ended in the middle of installing: what is registered goes on by itself, and needs its folder.
        ReadRegStr $0 HKLM "SYSTEM\CurrentControlSet\Services\${SERVICE}" "ImagePath"
        StrLen $1 '"$Folder\'
        StrCpy $0 $0 $1
        ${If} $0 == '"$Folder\'
            nsExec::Exec '"$SYSDIR\sc.exe" start ${SERVICE}'
        ${Else}
            RMDir /r "$Folder"
            DeleteRegValue HKLM "SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce" "${SERVICE}"
            ${If} $Code >= ${CRASHED}
            ${OrIf} $Code < 0
                MessageBox MB_OK|MB_ICONSTOP "$(Broken)"
            ${EndIf}
        ${EndIf}
    ${EndIf}
    SetErrorLevel $Code
FunctionEnd

Function .onInit
    ${GetParameters} $Parameters
    StrCpy $0 $Parameters 7
    ${If} $0 == "/unpack"
        StrCpy $Parameters $Parameters "" 7
        StrCpy $9 "elevated"
    ${EndIf}
    UserInfo::GetAccountType
    Pop $8
FunctionEnd

Section
    Call Look
    ${If} $Refusal != ""
        Call Refuse
        SetErrorLevel 3
        Return
    ${EndIf}
    ${If} $8 == "Admin"
        Call Unpack
        Return
    ${EndIf}
    ${If} $9 == "elevated"
        StrCpy $Refusal "ZRF-501"
        Call Refuse
        SetErrorLevel 3
        Return
    ${EndIf}
    ask:
    ClearErrors
    ExecShell "runas" "$EXEPATH" "/unpack $Parameters"
    ${If} ${Errors}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(NoRights)" IDRETRY ask
        StrCpy $Refusal "ZRF-501"
        Call Refuse
        SetErrorLevel 3
    ${EndIf}
SectionEnd
