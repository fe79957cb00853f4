package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.ReplicaStore.Change;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A wrong store for every rule. */
final class ReplicaStoreMutants {
    private ReplicaStoreMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, ReplicaStore.class, method, mistake);
    }

    private static StoredRecord written(Call call) throws Throwable {
        return (StoredRecord) Objects.requireNonNull(call.proceed());
    }

    private static List<Object> listed(Call call) throws Throwable {
        return new ArrayList<>((List<?>) Objects.requireNonNull(call.proceed()));
    }

    private static Mistake when(Predicate<Call> condition, Mistake mistake) {
        return call -> condition.test(call) ? mistake.in(call) : call.proceed();
    }

    private static boolean isFirstRecord(Call call) {
        return call.arg(0, RecordKey.class).equals(new RecordKey("profile", "a"));
    }

    /** Still lists removed records, before a crash or after it. */
    private static Mutant listingRemoved(String rule, boolean afterCrash) {
        return Mutant.of(rule, ReplicaStore.class, List.of("remove", "list"), call -> {
            if (call.is("remove")) {
                Object answer = call.proceed();
                call.memory().put("disk.removed", new StoredRecord(call.arg(0, RecordKey.class), 1, "{}"));
                return answer;
            }
            List<Object> all = listed(call);
            Object removed = call.memory().get("disk.removed");
            if (removed != null && call.crashed() == afterCrash) {
                all.add(removed);
            }
            return all;
        });
    }

    private static Mutant restartingVersions(String rule, boolean afterCrash) {
        return on("put", rule, call -> {
            StoredRecord written = written(call);
            boolean again = call.args()[1].equals(0L) && written.version() > 1 && call.crashed() == afterCrash;
            return again ? new StoredRecord(written.key(), 1, written.document()) : written;
        });
    }

    @SuppressWarnings("unchecked")
    private static Consumer<Change> listener(Call call) {
        return (Consumer<Change>) call.args()[0];
    }

    static List<Mutant> all() {
        return List.of(
                on("put", "writtenRecordIsRead", call -> {
                    StoredRecord written = written(call);
                    RecordKey other = new RecordKey("other", written.key().id());
                    return new StoredRecord(other, written.version(), written.document());
                }),
                on(
                        "get",
                        "unknownRecordIsEmpty",
                        call -> Optional.of(((Optional<?>) Objects.requireNonNull(call.proceed())).orElseThrow())),
                on("put", "everyWriteRaisesTheVersionByOne", call -> {
                    StoredRecord written = written(call);
                    long version = written.version() >= 2 ? written.version() + 1 : written.version();
                    return new StoredRecord(written.key(), version, written.document());
                }),
                on(
                        "put",
                        "writeOverAnotherVersionIsRefused",
                        when(call -> !Mutant.isOtherThread(), swallowing("has version 2, expected 1", null))),
                on("put", "creationOverARecordIsRefused", swallowing("expected none", null)),
                on("put", "writeOfARecordThatIsNotThereIsRefused", swallowing("has no version", null)),
                on("list", "listsOneKindOrderedById", call -> {
                    List<Object> all = listed(call);
                    Collections.reverse(all);
                    return all;
                }),
                on("list", "listsNoOtherKind", call -> {
                    List<Object> all = listed(call);
                    all.addAll(((ReplicaStore) call.target()).list(call.args()[0] + "-2"));
                    return all;
                }),
                listingRemoved("removedRecordIsGone", false),
                listingRemoved("acknowledgedRemovalOutlivesACrash", true),
                on("remove", "removalOfAnotherVersionIsRefused", swallowing("has version", null)),
                on("remove", "removalOfNothingIsRefused", swallowing("has no version", null)),
                restartingVersions("versionsGoOnAboveARemovedRecord", false),
                restartingVersions("versionsGoOnAboveARemovedRecordAfterACrash", true),
                on(
                        "put",
                        "writeWithALowerTokenIsRefused",
                        when(call -> isFirstRecord(call) && !call.crashed(), swallowing("fencing token", null))),
                on(
                        "put",
                        "tokenGuardsEveryRecordOfTheStore",
                        when(call -> !isFirstRecord(call), swallowing("fencing token", null))),
                on("remove", "removalWithALowerTokenIsRefused", swallowing("fencing token", null)),
                on("put", "tokenIsRememberedOverACrash", when(Call::crashed, swallowing("fencing token", null))),
                on("get", "acknowledgedWriteOutlivesACrash", when(Call::crashed, call -> Optional.empty())),
                on(
                        "get",
                        "nothingAcknowledgedIsLostByClosing",
                        when(call -> call.said("reopened"), call -> Optional.empty())),
                on(
                        "get",
                        "largeDocumentIsKeptWhole",
                        call -> ((Optional<?>) Objects.requireNonNull(call.proceed()))
                                .map(StoredRecord.class::cast)
                                .map(found -> new StoredRecord(
                                        found.key(),
                                        found.version(),
                                        found.document()
                                                .substring(
                                                        0,
                                                        Math.min(
                                                                65_535,
                                                                found.document().length()))))),
                on(
                        "put",
                        "ofOverlappingWritesOverOneVersionOneSucceeds",
                        Mutant.onOtherThreads(swallowing("has version", null))),
                on("subscribe", "deliversWritesAndRemovalsInOrder", call -> {
                    Consumer<Change> listener = listener(call);
                    Consumer<Change> deaf = change -> {
                        if (change.document().isPresent()) {
                            listener.accept(change);
                        }
                    };
                    return call.with(0, deaf);
                }),
                Mutant.of("deliversNothingForARefusedWrite", ReplicaStore.class, List.of("subscribe", "put"), call -> {
                    if (call.is("subscribe")) {
                        call.memory().put("listener", listener(call));
                        return call.proceed();
                    }
                    try {
                        return call.proceed();
                    } catch (VersionConflictException e) {
                        tellListener(call);
                        throw e;
                    }
                }),
                on("subscribe", "closedSubscriptionHearsNothing", Mutant.thenAnswering((Subscription) () -> {})),
                on("subscribe", "listenerThatThrowsHarmsNobody", call -> {
                    Consumer<Change> listener = listener(call);
                    Consumer<Change> fragile = change -> {
                        if (call.said("broken")) {
                            return;
                        }
                        try {
                            listener.accept(change);
                        } catch (RuntimeException e) {
                            call.memory().put("broken", true);
                        }
                    };
                    return call.with(0, fragile);
                }));
    }

    @SuppressWarnings("unchecked")
    private static void tellListener(Call call) {
        Object listener = call.memory().get("listener");
        if (listener != null) {
            ((Consumer<Change>) listener).accept(new Change(call.arg(0, RecordKey.class), 9, Optional.of("{}")));
        }
    }
}
