@echo off
rem Offers HMA Trace Analyzer in the "Open with" menu of .saz and .har files, for you alone. It takes no file type from
rem another program and needs no administrator rights.
rem   open-with.cmd          offer
rem   open-with.cmd remove   no longer offer
setlocal
set "classes=HKCU\Software\Classes"
set "app=%classes%\Applications\hma-trace.exe"
set "program=%~dp0hma-trace.exe"

if /i "%~1"=="remove" (
    reg delete "%app%" /f >nul 2>&1
    for %%t in (.saz .har) do reg delete "%classes%\%%t\OpenWithList\hma-trace.exe" /f >nul 2>&1
    echo HMA Trace Analyzer is no longer offered.
    exit /b 0
)
if not exist "%program%" (
    echo hma-trace.exe must be in the folder of this file.
    exit /b 1
)
reg add "%app%" /v FriendlyAppName /d "HMA Trace Analyzer" /f >nul
if errorlevel 1 exit /b 1
reg add "%app%\shell\open\command" /ve /d "\"%program%\" \"%%1\"" /f >nul
if errorlevel 1 exit /b 1
for %%t in (.saz .har) do (
    reg add "%app%\SupportedTypes" /v %%t /d "" /f >nul
    reg add "%classes%\%%t\OpenWithList\hma-trace.exe" /f >nul
)
echo HMA Trace Analyzer is offered under "Open with" for .saz and .har files.
