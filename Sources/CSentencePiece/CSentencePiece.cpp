#include "CSentencePiece.h"

#include <sentencepiece_processor.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct csp_model {
    sentencepiece::SentencePieceProcessor processor;
};

namespace {

/// What a `csp_pieces` points into; the C struct comes first, so that one pointer is both.
struct Pieces {
    csp_pieces face;
    std::vector<int32_t> ids;
    std::vector<size_t> ends;
    std::string bytes;
};

char *copied(std::string_view text) noexcept {
    char *copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (copy == nullptr) return nullptr;
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

/// Runs `body`; whatever it throws becomes a message, because an exception that reaches Swift's frames ends the process.
template <typename Body>
auto guarded(char **error, Body body) noexcept -> decltype(body()) {
    *error = nullptr;
    try {
        return body();
    } catch (const std::exception &fault) {
        *error = copied(fault.what());
    } catch (...) {
        *error = copied("unknown C++ exception");
    }
    return nullptr;
}

void require(const sentencepiece::util::Status &status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

}  // namespace

csp_model *csp_load(const void *bytes, size_t length, char **error) {
    return guarded(error, [&]() -> csp_model * {
        auto model = std::make_unique<csp_model>();
        // Parsing nothing gives a model without pieces, which the library reports less clearly.
        if (length == 0) throw std::runtime_error("the file is empty");
        require(model->processor.LoadFromSerializedProto(
            std::string_view(static_cast<const char *>(bytes), length)));
        require(model->processor.status());
        return model.release();
    });
}

void csp_unload(csp_model *model) { delete model; }

int32_t csp_size(const csp_model *model) { return model->processor.GetPieceSize(); }

int32_t csp_unknown(const csp_model *model) { return model->processor.unk_id(); }

const char *csp_piece(const csp_model *model, int32_t id, size_t *length) {
    const std::string &piece = model->processor.IdToPiece(id);
    *length = piece.size();
    return piece.data();
}

csp_pieces *csp_encode(const csp_model *model, const char *text, size_t length, char **error) {
    return guarded(error, [&]() -> csp_pieces * {
        sentencepiece::ImmutableSentencePieceText encoded;
        require(model->processor.Encode(std::string_view(text, length), encoded.mutable_proto()));
        auto pieces = std::make_unique<Pieces>();
        const size_t count = encoded.pieces_size();
        pieces->ids.reserve(count);
        pieces->ends.reserve(count);
        for (size_t i = 0; i < count; i++) {
            const auto piece = encoded.pieces(static_cast<int>(i));
            pieces->ids.push_back(static_cast<int32_t>(piece.id()));
            pieces->bytes += piece.piece();
            pieces->ends.push_back(pieces->bytes.size());
        }
        pieces->face = {count, pieces->ids.data(), pieces->ends.data(), pieces->bytes.data()};
        return &pieces.release()->face;
    });
}

void csp_free_pieces(csp_pieces *pieces) { delete reinterpret_cast<Pieces *>(pieces); }

char *csp_decode(
    const csp_model *model, const char *bytes, const size_t *ends, size_t count, size_t *length, char **error) {
    return guarded(error, [&]() -> char * {
        std::vector<std::string_view> pieces;
        pieces.reserve(count);
        size_t start = 0;
        for (size_t i = 0; i < count; i++) {
            pieces.emplace_back(bytes + start, ends[i] - start);
            start = ends[i];
        }
        std::string text;
        require(model->processor.Decode(pieces, &text));
        char *copy = copied(text);
        if (copy == nullptr) throw std::bad_alloc();
        *length = text.size();
        return copy;
    });
}

void csp_release(char *text) { std::free(text); }
