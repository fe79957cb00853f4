package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.InstanceId;
import dev.shadow.sync.HistoryPolicy;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaServer;
import dev.shadow.sync.ReplicaServerOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaCommandTest {
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private ReplicaServer server;
    private Path image;
    private byte[] content;

    @BeforeEach
    void serve() throws Exception {
        server = ReplicaServer.listen(
                ReplicaAddress.unix(directory.resolve("socket")),
                directory.resolve("replicas"),
                ReplicaServerOptions.defaults()
                        .withNewReplicas()
                        .withHistory(HistoryPolicy.keep(10, Duration.ofDays(1)).withSpacing(Duration.ZERO)));
        content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        image = Files.write(directory.resolve("image"), content);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private int run(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private int replica(String command, String... more) {
        List<String> args = new ArrayList<>(
                List.of("replica", command, "--at", server.address().toString(), "--instance", "web-b", "--json"));
        args.addAll(List.of(more));
        return run(args.toArray(new String[0]));
    }

    private JsonNode result() throws Exception {
        return Json.read(out.toString(), JsonNode.class);
    }

    private long replicate() throws Exception {
        assertThat(run(
                        "replicate",
                        "--source",
                        image.toString(),
                        "--to",
                        server.address().toString(),
                        "--instance",
                        "web-b",
                        "--block-size",
                        "4096",
                        "--json"))
                .as(err.toString())
                .isZero();
        return result().get("epoch").asLong();
    }

    @Test
    void bringsAnImageToAServerAndGoesBackToItsFirstContent() throws Exception {
        long first = replicate();
        assertThat(replica("verify", "--source", image.toString())).isZero();
        assertThat(result().get("comparedBytes").asLong()).isEqualTo(1 << 20);

        byte[] changed = content.clone();
        changed[500_000]++;
        Files.write(image, changed);
        assertThat(replica("verify", "--source", image.toString())).isEqualTo(1);
        assertThat(result().get("differences").asInt()).isEqualTo(1);
        long second = replicate();

        assertThat(replica("status")).isZero();
        assertThat(result().get("epoch").asLong()).isEqualTo(second);
        assertThat(replica("history")).isZero();
        assertThat(result()).extracting(point -> point.get("epoch").asLong()).contains(first, second);

        assertThat(replica("activate", "--epoch", Long.toString(first))).isZero();
        assertThat(result().get("generation").asLong()).isEqualTo(1);
        assertThat(server.image(InstanceId.of("web-b"))).hasBinaryContent(content);
    }

    @Test
    void anActivatedReplicaRefusesItsOldSource() throws Exception {
        replicate();
        assertThat(replica("activate")).isZero();
        int exit = run(
                "replicate",
                "--source",
                image.toString(),
                "--to",
                server.address().toString(),
                "--instance",
                "web-b",
                "--block-size",
                "4096");
        assertThat(exit).isEqualTo(3);
        assertThat(err.toString()).hasLineCount(1).contains("generation 0 of web-b is refused");
    }

    @Test
    void whatCannotBeIsOneLineWithTheReason() {
        assertThat(replica("history")).isEqualTo(3);
        assertThat(err.toString()).hasLineCount(1).contains("there is no replica web-b");
        assertThat(replica("activate", "--epoch", "-1")).isEqualTo(2);
        assertThat(err.toString()).contains("--epoch must be a number of at least 0, was '-1'");
        assertThat(run("replicate", "--source", image.toString(), "--to", "nowhere", "--instance", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("be HOST:PORT");
        assertThat(run("replicate", "--source", image.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--target or --to must be given");
        assertThat(run("replicate", "--source", image.toString(), "--to", "h:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--to needs --instance");
        assertThat(run("replica", "serve", "--dir", "d", "--listen", "h:1", "--history-points", "5000"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--history-points must be a number from 0 to 1000, was '5000'");
    }
}
