// Who came to a session, counted from the stream: node stream.mjs AMQP_URL SESSION_ID
// npm install amqplib@2.3.1
import amqp from "amqplib";

const [url, session] = process.argv.slice(2);
const newest = new Map();
const connection = await amqp.connect(url);
const channel = await connection.createChannel();

function count() {
  const came = [...newest.values()].filter((one) => ["present", "partial"].includes(one.data.state));
  console.log(`${newest.size} in the register, ${came.length} came`);
  connection.close();
}

function keep(told) {
  if (!told.type.includes("Attendance") || told.data.session_id !== session) return;
  const kept = newest.get(told.subject) ?? told;
  if (told.sequence >= kept.sequence) newest.set(told.subject, told);
}

let quiet = setTimeout(count, 5000); // five seconds without news: that is all so far
await channel.prefetch(500);
await channel.consume("pdu.journal", (message) => {
  quiet.refresh();
  try {
    keep(JSON.parse(message.content));
  } catch (damaged) {
    console.error(`left out, as nobody can read it: ${damaged.message}`);
  }
  channel.ack(message);
}, { arguments: { "x-stream-offset": "first" } });
