#include "Libraries.h"

#include <cstdio>
#include <cstring>

#include <cld2/public/compact_lang_det.h>
#include <curl/curl.h>
#include <protobuf-c/protobuf-c.h>
#include <sentencepiece_processor.h>
#include <sqlite3.h>
#include <unicode/uversion.h>
#include <zmq.h>

int vocabularySize(void) {
    UVersionInfo icu;
    u_getVersion(icu);
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    // dragoman opens the library by itself, and is built with its headers.
    bool all = LIBCURL_VERSION_MAJOR >= 7 && icu[0] > 0 && major > 0 && sqlite3_libversion_number() > 0 && std::strlen(protobuf_c_version()) > 0
        && CLD2::DetectLanguageVersion() != nullptr;
    return all ? sentencepiece::SentencePieceProcessor().GetPieceSize() : -1;
}
