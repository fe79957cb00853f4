package dev.shadow.tck.example;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.IdempotencyKey;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** A runner of functions in this process, as an implementer might write it. Thread-safe. */
final class LocalFunctions implements FunctionRunner {
    private final Map<String, BiFunction<VmId, Map<String, String>, Map<String, String>>> functions =
            new ConcurrentHashMap<>();
    private final Map<IdempotencyKey, CompletableFuture<Map<String, String>>> runs = new ConcurrentHashMap<>();
    private volatile boolean hanging;

    LocalFunctions define(String name, BiFunction<VmId, Map<String, String>, Map<String, String>> function) {
        functions.put(name, function);
        return this;
    }

    void hang() {
        hanging = true;
    }

    @Override
    public Map<String, String> run(String function, VmId vm, Map<String, String> input, CallContext context)
            throws FunctionException {
        BiFunction<VmId, Map<String, String>, Map<String, String>> found = functions.get(function);
        if (found == null) {
            throw new FunctionException(Retry.PERMANENT, "function " + function + " is unknown");
        }
        try {
            return runs.computeIfAbsent(
                            context.key(),
                            key -> hanging
                                    ? new CompletableFuture<>()
                                    : CompletableFuture.supplyAsync(() -> found.apply(vm, input)))
                    .get(context.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FunctionException(
                    Retry.TRANSIENT, "function " + function + " did not end within " + context.timeout(), e);
        } catch (ExecutionException e) {
            throw new FunctionException(Retry.PERMANENT, "function " + function + " refused: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FunctionException(Retry.TRANSIENT, "interrupted while running " + function, e);
        }
    }
}
