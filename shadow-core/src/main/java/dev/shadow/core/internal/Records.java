package dev.shadow.core.internal;

import dev.shadow.core.internal.document.Documents;
import dev.shadow.core.internal.document.FailoverRun;
import dev.shadow.core.internal.document.ProfileDocument;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.VmState;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The records of the control plane, by their meaning. Writing what is there already writes nothing. Thread-safe. */
final class Records {
    private static final String PROFILE = "profile";
    private static final String VM = "vm";
    private static final String REPLICA = "replica";
    private static final String FAILOVER = "failover";
    private static final String IN_SYNC = "insync";

    private final ReplicaStore store;
    private final Ownership ownership;

    Records(ReplicaStore store, Ownership ownership) {
        this.store = store;
        this.ownership = ownership;
    }

    Optional<PlacementProfile> profile(VmId vm) throws StoreException {
        return read(PROFILE, vm.value()).map(Documents::profile);
    }

    List<PlacementProfile> profiles() throws StoreException {
        return store.list(PROFILE).stream()
                .map(r -> Documents.profile(r.document()))
                .toList();
    }

    void save(PlacementProfile profile) throws StoreException {
        write(PROFILE, profile.vm().value(), ProfileDocument.write(profile).toString());
    }

    boolean removeProfile(VmId vm) throws StoreException {
        return remove(PROFILE, vm.value());
    }

    /** Every machine that has a record of any kind. */
    Set<VmId> vms() throws StoreException {
        Set<VmId> vms = new TreeSet<>();
        store.list(PROFILE).forEach(r -> vms.add(VmId.of(r.key().id())));
        store.list(VM).forEach(r -> vms.add(VmId.of(r.key().id())));
        return vms;
    }

    VmState vm(VmId vm) throws StoreException {
        return read(VM, vm.value()).map(VmState::read).orElseGet(() -> VmState.blank(vm));
    }

    void save(VmState state) throws StoreException {
        write(VM, state.vm().value(), state.write());
    }

    List<ReplicaEntry> replicas() throws StoreException {
        return store.list(REPLICA).stream()
                .map(r -> ReplicaEntry.read(r.document()))
                .toList();
    }

    List<ReplicaEntry> replicas(VmId vm) throws StoreException {
        List<ReplicaEntry> own = new ArrayList<>();
        for (StoredRecord record : store.list(REPLICA)) {
            // Names are compared first, because reading every record for every machine is slow in a large fleet.
            if (ReplicaIds.mayBeOf(vm, record.key().id())) {
                ReplicaEntry entry = ReplicaEntry.read(record.document());
                if (entry.replica.vm().equals(vm)) {
                    own.add(entry);
                }
            }
        }
        return own;
    }

    void save(ReplicaEntry entry) throws StoreException {
        write(REPLICA, entry.replica.id().value(), entry.write());
    }

    void removeReplica(InstanceId id) throws StoreException {
        remove(IN_SYNC, id.value());
        remove(REPLICA, id.value());
    }

    boolean isKnown(InstanceId id) throws StoreException {
        return read(REPLICA, id.value()).isPresent();
    }

    Optional<FailoverRun> failover(VmId vm) throws StoreException {
        return read(FAILOVER, vm.value()).map(FailoverRun::read);
    }

    void save(FailoverRun run) throws StoreException {
        write(FAILOVER, run.vm.value(), run.write());
    }

    void removeFailover(VmId vm) throws StoreException {
        remove(FAILOVER, vm.value());
    }

    /** Whether a replica is recorded to hold every acknowledged write. */
    boolean isInSync(InstanceId id) throws StoreException {
        return read(IN_SYNC, id.value()).map("true"::equals).orElse(false);
    }

    void saveInSync(InstanceId id, boolean inSync) throws StoreException {
        if (inSync || read(IN_SYNC, id.value()).isPresent()) {
            write(IN_SYNC, id.value(), Boolean.toString(inSync));
        }
    }

    private Optional<String> read(String kind, String id) throws StoreException {
        return store.get(new RecordKey(kind, id)).map(StoredRecord::document);
    }

    private void write(String kind, String id, String document) throws StoreException {
        RecordKey key = new RecordKey(kind, id);
        Optional<StoredRecord> present = store.get(key);
        if (present.map(r -> r.document().equals(document)).orElse(false)) {
            return;
        }
        store.put(key, present.map(StoredRecord::version).orElse(0L), document, ownership.token());
    }

    private boolean remove(String kind, String id) throws StoreException {
        RecordKey key = new RecordKey(kind, id);
        Optional<StoredRecord> present = store.get(key);
        if (present.isPresent()) {
            store.remove(key, present.get().version(), ownership.token());
        }
        return present.isPresent();
    }
}
