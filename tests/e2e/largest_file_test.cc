// A file from one device through a real relay to another one; the largest there
// may be with CORDON_LONG_TESTS: a minute and 8 GiB of disk.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>

#include "crypto/base/limits.h"
#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

constexpr char kEnd[] = "the very end";
constexpr uint64_t kUsualBytes = 3'000'000;

// Zeros without a place on the disk, but for its last bytes.
void MakeFile(const std::string& path, uint64_t bytes) {
  std::ofstream file(path, std::ios::binary);
  file.seekp(static_cast<std::streamoff>(bytes) -
             static_cast<std::streamoff>(sizeof(kEnd)));
  file.write(kEnd, sizeof(kEnd));
}

std::string EndOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(-static_cast<std::streamoff>(sizeof(kEnd)), std::ios::end);
  std::string end(sizeof(kEnd), '\0');
  file.read(end.data(), static_cast<std::streamsize>(end.size()));
  return end;
}

TEST(LargestFileTest, LargestFileGoesFromOneDeviceToAnother) {
  const uint64_t bytes =
      std::getenv("CORDON_LONG_TESTS") == nullptr ? kUsualBytes : kFileBytesMax;
  TestOperation stop3;
  stop3.Invite(stop3.alice(), "fr.customs", "alice");
  stop3.Create();
  MakeFile(stop3.alice().File("film.bin"), bytes);

  Works(stop3.alice(), {"send", "stop3/general", "the film", "--attach",
                        stop3.alice().File("film.bin")});
  const Json file = Works(stop3.unit(), {"file", "list", "stop3/general"});
  Works(stop3.unit(), {"file", "get", file.value("record", ""), "--out",
                       stop3.unit().File("got")});

  const std::string got = stop3.unit().File("got") + "/film.bin";
  EXPECT_EQ(std::filesystem::file_size(got), bytes);
  EXPECT_EQ(EndOf(got), std::string(kEnd, sizeof(kEnd)));
}

}  // namespace
}  // namespace cordon::testing
