#include "client/core/searching.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/operation_rows.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/view/record.h"
#include "crypto/base/status.h"
#include "crypto/policy/record_kind.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/search_index.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::StatusOr<SearchHitView> ViewOfHit(const vault::VaultTxn& txn,
                                        vault::SearchHit hit) {
  CORDON_ASSIGN_OR_RETURN(const vault::StoredRecord stored,
                          txn.records().GetRecord(hit.record));
  SearchHitView view{.record = hit.record.id,
                     .kind = std::string(policy::RecordKindName(
                         static_cast<policy::RecordKind>(stored.kind))),
                     .title = std::move(hit.title),
                     .snippet = std::move(hit.snippet),
                     .received = stored.place.received};
  CORDON_ASSIGN_OR_RETURN(view.room, RoomTextOf(txn, hit.record.room));
  return view;
}

}  // namespace

absl::StatusOr<SearchView> Searching::Find(const Search& wanted) {
  SearchView view;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        vault::SearchQuery query{.words = wanted.words};
        if (!wanted.room.empty()) {
          CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                  FindRoom(txn, wanted.room));
          query.room = room.id;
        }
        while (true) {
          CORDON_ASSIGN_OR_RETURN(std::vector<vault::SearchHit> page,
                                  txn.search().Search(query));
          for (vault::SearchHit& hit : page) {
            if (view.hits.size() >= wanted.hits_max) return absl::OkStatus();
            CORDON_ASSIGN_OR_RETURN(view.hits.emplace_back(),
                                    ViewOfHit(txn, std::move(hit)));
          }
          if (page.size() < vault::kSearchHitsMax) return absl::OkStatus();
          query.skip += page.size();
        }
      }));
  return view;
}

}  // namespace cordon::client
