#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "rules.h"

size_t Rules::Load(const NativeResourceManager *manager, const char *fileName)
{
    names_.clear();
    RawFile *file = OH_ResourceManager_OpenRawFile(manager, fileName);
    if (file == nullptr) {
        return 0;
    }
    std::vector<char> text(static_cast<size_t>(OH_ResourceManager_GetRawFileSize(file)));
    int length = OH_ResourceManager_ReadRawFile(file, text.data(), text.size());
    OH_ResourceManager_CloseRawFile(file);
    std::istringstream lines(std::string(text.data(), static_cast<size_t>(length)));
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) {
            names_.insert(line);
        }
    }
    return names_.size();
}

bool Rules::Matches(const std::string &name) const
{
    for (size_t at = 0; at != std::string::npos; at = name.find('.', at)) {
        at += at == 0 ? 0 : 1;
        if (names_.count(name.substr(at)) > 0) {
            return true;
        }
        if (at == 0 && name.find('.') == std::string::npos) {
            return false;
        }
    }
    return false;
}
