# Writes a C++ source with the numbered migrations of one folder.
# cmake -DOUT=… -DFOLDER=… -DHEADER=… -DNAMESPACE=… -DFUNCTION=… -P embed_schema.cmake
file(GLOB files "${FOLDER}/[0-9][0-9][0-9][0-9]_*.sql")
list(SORT files)
set(entries "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  string(SUBSTRING "${name}" 0 4 number)
  string(REGEX REPLACE "^0+" "" number "${number}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: migration ${expected} is missing")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ "${file}" sql)
  string(APPEND entries "    {\"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE "${OUT}.new" "#include \"${HEADER}\"

#include \"absl/types/span.h\"

#include \"storage/sqlite/migrate.h\"

namespace ${NAMESPACE} {

absl::Span<const sqlite::Migration> ${FUNCTION}() {
  static constexpr sqlite::Migration kMigrations[] = {
${entries}  };
  return kMigrations;
}

}  // namespace ${NAMESPACE}
")
file(COPY_FILE "${OUT}.new" "${OUT}" ONLY_IF_DIFFERENT)
