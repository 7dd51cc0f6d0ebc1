#pragma once

#include <rawfile/raw_file_manager.h>

/** Names that are blocked, and everything below them. */
class Rules {
public:
    size_t Load(const NativeResourceManager *manager, const char *fileName);
    bool Matches(const std::string &name) const;

private:
    std::set<std::string> names_;
};
