#ifndef CORDON_CLIENT_NET_BLOB_STREAMS_H_
#define CORDON_CLIENT_NET_BLOB_STREAMS_H_

// Files on their way, over gRPC: one chunk in memory, gRPC's window on the
// network. They have no deadline: how long a file takes is its size's business,
// and pings tell whether the relay is still there.
// Threads and lifetime: as relay.h says; the GrpcRelay that made them outlives
// them.

#include <cstdint>
#include <memory>

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/task.h"
#include "client/net/read_call.h"
#include "client/net/stream_parts.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

// The call behind an upload. Defined in blob_streams.cc.
class UploadCall;

// A relay that has the file whole says so at once; what is still written then
// is answered with OK and goes nowhere.
class GrpcBlobUpload final : public BlobUpload {
 public:
  GrpcBlobUpload(const StreamParts& parts, const PutBlobCall& call);
  GrpcBlobUpload(const GrpcBlobUpload&) = delete;
  GrpcBlobUpload& operator=(const GrpcBlobUpload&) = delete;
  ~GrpcBlobUpload() override;

  void Write(Bytes chunk, Done<Unit> done) override;
  void Finish(Done<Digest> done) override;

 private:
  // Two owners: this, and the call itself until gRPC is done with it.
  const std::shared_ptr<UploadCall> call_;
};

class GrpcBlobDownload final : public BlobDownload {
 public:
  GrpcBlobDownload(const StreamParts& parts, const BlobId& blob,
                   uint64_t offset_bytes);
  GrpcBlobDownload(const GrpcBlobDownload&) = delete;
  GrpcBlobDownload& operator=(const GrpcBlobDownload&) = delete;
  ~GrpcBlobDownload() override { call_->Drop(); }

  void Read(Done<Bytes> done) override;

 private:
  // Two owners, as above.
  const std::shared_ptr<ReadCall<::cordon::wire::v1::GetAnswer, Bytes>> call_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_BLOB_STREAMS_H_
