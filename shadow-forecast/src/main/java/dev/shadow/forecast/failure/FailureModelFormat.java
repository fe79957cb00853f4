package dev.shadow.forecast.failure;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** The stored form of a model: magic, version, length of the content, CRC-32C of it, content; all big-endian. */
final class FailureModelFormat {
    private static final int MAGIC = 0x53464d31;
    private static final int VERSION = 1;
    private static final int LARGEST = 1 << 30;

    private FailureModelFormat() {}

    static void write(FailureModel model, OutputStream out) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content(model, new DataOutputStream(content));
        byte[] bytes = content.toByteArray();
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(MAGIC);
        data.writeInt(VERSION);
        data.writeInt(bytes.length);
        data.writeInt(checksum(bytes));
        data.write(bytes);
        data.flush();
    }

    static FailureModel read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        if (data.readInt() != MAGIC) {
            throw new IOException("not a failure model");
        }
        int version = data.readInt();
        if (version != VERSION) {
            throw new IOException("failure model of version " + version + ", known is " + VERSION);
        }
        int length = data.readInt();
        int checksum = data.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("failure model with a length of " + length + " bytes");
        }
        byte[] bytes = data.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("failure model cut after " + bytes.length + " of " + length + " bytes");
        }
        if (checksum(bytes) != checksum) {
            throw new IOException("failure model damaged: its checksum does not match");
        }
        return content(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    private static void content(FailureModel model, DataOutputStream out) throws IOException {
        FailureOptions o = model.options;
        out.writeInt(o.bags());
        out.writeInt(o.rounds());
        out.writeInt(o.depth());
        for (double x : new double[] {o.learningRate(), o.leafWeight(), o.ridge(), o.columns(), o.negatives()}) {
            out.writeDouble(x);
        }
        out.writeLong(o.seed());
        out.writeInt(model.generation);
        out.writeDouble(model.platt.offset());
        out.writeDouble(model.platt.slope());
        out.writeDouble(model.signals.baseOdds);
        strings(model.signals.numbers, out);
        strings(model.signals.texts, out);
        for (Map<String, Double> odds : model.signals.odds) {
            out.writeInt(odds.size());
            for (Map.Entry<String, Double> e : new TreeMap<>(odds).entrySet()) {
                out.writeUTF(e.getKey());
                out.writeDouble(e.getValue());
            }
        }
        for (List<Tree> bag : model.bags) {
            out.writeInt(bag.size());
            for (Tree tree : bag) {
                out.writeInt(tree.column.length);
                for (int i = 0; i < tree.column.length; i++) {
                    out.writeInt(tree.column[i]);
                    out.writeDouble(tree.cut[i]);
                    out.writeDouble(tree.value[i]);
                }
            }
        }
    }

    private static FailureModel content(DataInputStream in) throws IOException {
        FailureOptions options = new FailureOptions(
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readLong(),
                1);
        int generation = in.readInt();
        Platt platt = new Platt(in.readDouble(), in.readDouble());
        double baseOdds = in.readDouble();
        List<String> numbers = strings(in);
        List<String> texts = strings(in);
        List<Map<String, Double>> odds = new ArrayList<>();
        for (int c = 0; c < texts.size(); c++) {
            Map<String, Double> column = new HashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                column.put(in.readUTF(), in.readDouble());
            }
            odds.add(column);
        }
        List<List<Tree>> bags = new ArrayList<>();
        for (int b = 0; b < options.bags(); b++) {
            List<Tree> trees = new ArrayList<>();
            for (int n = in.readInt(); n > 0; n--) {
                trees.add(tree(in));
            }
            bags.add(List.copyOf(trees));
        }
        return new FailureModel(
                options, new Signals(numbers, texts, odds, baseOdds), List.copyOf(bags), platt, generation);
    }

    private static Tree tree(DataInputStream in) throws IOException {
        int size = in.readInt();
        int[] column = new int[size];
        double[] cut = new double[size];
        double[] value = new double[size];
        for (int i = 0; i < size; i++) {
            column[i] = in.readInt();
            cut[i] = in.readDouble();
            value[i] = in.readDouble();
        }
        return new Tree(column, cut, value);
    }

    private static void strings(List<String> list, DataOutputStream out) throws IOException {
        out.writeInt(list.size());
        for (String s : list) {
            out.writeUTF(s);
        }
    }

    private static List<String> strings(DataInputStream in) throws IOException {
        List<String> list = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            list.add(in.readUTF());
        }
        return List.copyOf(list);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
