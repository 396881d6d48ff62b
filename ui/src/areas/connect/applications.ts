/** Well-known applications, as their makers write them. Any other can be typed. */
export const APPLICATIONS: readonly string[] = [
  "Adobe Acrobat Sign", "Airtable", "Amazon S3", "Asana", "Autodesk Construction Cloud", "Azure DevOps", "BambooHR", "Basecamp", "Box", "ClickUp",
  "Confluence", "DATEV", "DocuSign", "Dropbox", "Egnyte", "E-mail (SMTP/IMAP)", "Freshdesk", "Gmail", "Google BigQuery", "Google Calendar",
  "Google Drive", "Google Sheets", "HTTP / REST", "HubSpot", "Jira", "Looker", "Mailchimp", "Microsoft Dynamics 365 Business Central", "Microsoft Dynamics 365 Sales", "Microsoft Excel",
  "Microsoft OneDrive", "Microsoft Outlook", "Microsoft Power BI", "Microsoft SharePoint", "Microsoft SQL Server", "Microsoft Teams", "monday.com", "MySQL", "Notion", "Oracle NetSuite",
  "Oracle Primavera P6", "Personio", "Pipedrive", "PostgreSQL", "Procore", "QuickBooks Online", "Sage Intacct", "Salesforce", "SAP ERP", "SAP S/4HANA",
  "ServiceNow", "SFTP", "Shopify", "Slack", "Smartsheet", "Snowflake", "Stripe", "Tableau", "Trello", "Twilio",
  "Workday", "Wrike", "Xero", "Zendesk", "Zoho CRM",
];

const folded = (text: string) => text.trim().toLocaleLowerCase();

/** Those that have every word of the search, what is chosen always among them. */
export function found(search: string, chosen: readonly string[]): string[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  const own = chosen.filter((name) => !APPLICATIONS.includes(name));
  return [...own, ...APPLICATIONS].filter((name) => words.every((word) => folded(name).includes(word)));
}

/** The name to add for what was typed: the known spelling where there is one; null = nothing to add. */
export function toAdd(typed: string, chosen: readonly string[]): string | null {
  const name = typed.trim();
  if (name === "" || chosen.some((one) => folded(one) === folded(name))) return null;
  return APPLICATIONS.find((known) => folded(known) === folded(name)) ?? name;
}
